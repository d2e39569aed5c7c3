import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { liveCache } from '@/lib/client/cache';
import { aService, aView } from '@/tests/factories/view';
import { timeConvergence } from './time-convergence';

const page = new EventTarget() as EventTarget & { hidden: boolean };
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] });
  page.hidden = false;
  vi.stubGlobal('document', page);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

let id = '';
let count = 0;
/** The page receives a view with the service so, or without it. */
function see(service: { version: number; phase: 'converging' | 'converged' } | null) {
  const services = service
    ? [
        aService({
          id,
          version: service.version,
          convergence: { running: 3, total: 3, phase: service.phase, phrase: '', verify: null },
        }),
      ]
    : [];
  liveCache.update('view', () => aView({ services }));
}
const measured = () => {
  const time = liveCache.get('convergenceTime');
  return time?.id === id ? time : null;
};
beforeEach(() => {
  id = `service${++count}`;
});

test('measures a new service from its acceptance until it has converged', () => {
  see(null);
  timeConvergence(id, null);
  vi.advanceTimersByTime(400);
  see({ version: 1, phase: 'converging' });
  vi.advanceTimersByTime(6000);
  expect(measured()).toBeNull();
  see({ version: 1, phase: 'converged' });
  vi.advanceTimersByTime(1000);
  see({ version: 1, phase: 'converged' });
  expect(measured()).toEqual({ id, ms: 6400, version: 1 });
});

test('does not take the state before an update for its end', () => {
  see({ version: 7, phase: 'converged' });
  timeConvergence(id, 7);
  vi.advanceTimersByTime(100);
  see({ version: 7, phase: 'converged' });
  expect(measured()).toBeNull();
  see({ version: 8, phase: 'converging' });
  vi.advanceTimersByTime(900);
  see({ version: 9, phase: 'converged' });
  expect(measured()).toEqual({ id, ms: 1000, version: 9 });
});

test('stays the time of the change when the engine completes the update later, and not of the next change', () => {
  see({ version: 7, phase: 'converged' });
  timeConvergence(id, 7);
  vi.advanceTimersByTime(6000);
  see({ version: 8, phase: 'converged' });
  vi.advanceTimersByTime(4000);
  // `completed`.
  see({ version: 9, phase: 'converged' });
  expect(measured()).toEqual({ id, ms: 6000, version: 9 });
  see({ version: 10, phase: 'converging' });
  see({ version: 10, phase: 'converged' });
  expect(measured()?.version).toBe(9);
});

test('the time of another service is not replaced by that of an earlier one', () => {
  see(null);
  const first = id;
  timeConvergence(first, null);
  see({ version: 1, phase: 'converged' });
  id = `service${++count}`;
  timeConvergence(id, null);
  see({ version: 1, phase: 'converged' });
  const second = measured();
  id = first;
  see({ version: 2, phase: 'converged' });
  expect(liveCache.get('convergenceTime')).toEqual(second);
});

test('a second change starts anew, and a hidden page measures nothing', () => {
  see({ version: 1, phase: 'converged' });
  timeConvergence(id, 1);
  vi.advanceTimersByTime(5000);
  timeConvergence(id, 1);
  vi.advanceTimersByTime(300);
  see({ version: 2, phase: 'converged' });
  expect(measured()).toEqual({ id, ms: 300, version: 2 });

  timeConvergence(id, 2);
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  page.hidden = false;
  see({ version: 3, phase: 'converged' });
  expect(measured()).toEqual({ id, ms: 300, version: 2 });
});
