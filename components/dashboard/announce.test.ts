import { expect, test } from 'vitest';
import { announcement, type AnnouncedState } from './announce';

const at = (
  phase: string,
  wanted = 3,
  state: AnnouncedState['state'] = 'live',
): AnnouncedState => ({
  state,
  services: new Map([['s', { name: 'goweb', wanted, phase }]]),
});

test('the first sight of a service and an unchanged one are not news', () => {
  expect(announcement({ state: 'live', services: new Map() }, at('converged'), null)).toBe('');
  expect(announcement(at('converged'), at('converged'), null)).toBe('');
});

test('a scale and its end are said', () => {
  expect(announcement(at('converged'), at('converging', 5), null)).toBe('goweb: 3 to 5 tasks.');
  expect(announcement(at('converging', 5), at('converged', 5), null)).toBe(
    'goweb: all 5 tasks run.',
  );
});

test('a failing task and a paused update are said', () => {
  expect(announcement(at('converged'), at('converging'), null)).toBe(
    'goweb: converging to 3 tasks.',
  );
  expect(announcement(at('converging'), at('paused'), null)).toBe(
    'goweb: the update is paused after failures.',
  );
});

test('stale and live again are said once, with the reason', () => {
  const problem = { kind: 'engine-stopped', detail: 'The engine does not answer.' };
  expect(announcement(at('converged'), at('converged', 3, 'stale'), problem)).toBe(
    'The picture is no longer live. The engine does not answer.',
  );
  expect(announcement(at('converged', 3, 'stale'), at('converged'), null)).toBe(
    'The picture is live again.',
  );
  expect(announcement(at('converged', 3, 'reconnecting'), at('converged'), null)).toBe('');
});
