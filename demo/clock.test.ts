import { expect, test } from 'vitest';
import { rfc3339Nano, ScriptedClock } from './clock';

test.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_700_000_000_000, '2023-11-14T22:13:20Z'],
  [1_700_000_000_120, '2023-11-14T22:13:20.12Z'],
  [1_700_000_000_000.5, '2023-11-14T22:13:20.0005Z'],
])('formats %d as %s', (ms, text) => {
  expect(rfc3339Nano(ms)).toBe(text);
});

test('a scripted clock runs due timers in order, including those that they start', () => {
  const clock = new ScriptedClock(0);
  const ran: string[] = [];
  clock.after(20, () => ran.push(`b@${clock.now()}`));
  clock.after(10, () => {
    ran.push(`a@${clock.now()}`);
    clock.after(5, () => ran.push(`c@${clock.now()}`));
  });
  const never = clock.after(12, () => ran.push('never'));
  clock.cancel(never);
  clock.advance(20);
  expect(ran).toEqual(['a@10', 'c@15', 'b@20']);
  expect(clock.now()).toBe(20);
});
