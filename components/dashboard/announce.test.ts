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

test('announces neither a new service nor an unchanged one', () => {
  expect(announcement({ state: 'live', services: new Map() }, at('converged'), null)).toBe('');
  expect(announcement(at('converged'), at('converged'), null)).toBe('');
});

test('announces a scale and its end', () => {
  expect(announcement(at('converged'), at('converging', 5), null)).toBe('goweb: 3 to 5 tasks.');
  expect(announcement(at('converging', 5), at('converged', 5), null)).toBe(
    'goweb: 5 tasks are running.',
  );
});

test('announces a failing task and a paused update', () => {
  expect(announcement(at('converged'), at('converging'), null)).toBe(
    'goweb: converging to 3 tasks.',
  );
  expect(announcement(at('converging'), at('paused'), null)).toBe(
    'goweb: the update is paused after failures.',
  );
});

test('announces once that the page is stale, with the reason, and live again', () => {
  const problem = { kind: 'engine-stopped', detail: 'The engine does not answer.' };
  expect(announcement(at('converged'), at('converged', 3, 'stale'), problem)).toBe(
    'The page is no longer live. The engine does not answer.',
  );
  expect(announcement(at('converged', 3, 'stale'), at('converged'), null)).toBe(
    'The page is live again.',
  );
  expect(announcement(at('converged', 3, 'reconnecting'), at('converged'), null)).toBe('');
});
