import { expect, test } from 'vitest';
import { aService, aView } from '@/tests/factories/view';
import { announcedState, announcement, type AnnouncedState } from './announce';

const at = (
  phase: string,
  wanted = 3,
  state: AnnouncedState['state'] = 'live',
): AnnouncedState => ({
  state,
  services: new Map([['s', { name: 'goweb', job: false, wanted, phase }]]),
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

test('announces the completed tasks of a job, not the decreasing number of tasks left', () => {
  const job = (completed: number, wanted: number, phase: 'converging' | 'converged') => {
    const services = [
      aService({
        mode: 'global-job',
        replicas: null,
        wanted,
        job: { completed, total: 4 },
        convergence: { running: completed, total: 4, phase, phrase: '', verify: null },
      }),
    ];
    const connection = { state: 'live', problem: null } as const;
    return announcedState(connection, aView({ services }));
  };
  const started = job(1, 3, 'converging');
  expect(announcement(started, job(3, 1, 'converging'), null)).toBe('');
  expect(announcement(started, job(4, 0, 'converged'), null)).toBe('goweb: 4 tasks are complete.');
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
