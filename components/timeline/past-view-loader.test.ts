import { expect, test } from 'vitest';
import type { ShownProblem } from '@/lib/client/request';
import { aView } from '@/tests/factories/view';
import { PastViewLoader, type PastViewResult } from './past-view-loader';

const NOW = 1_000_000;
const PROBLEM = { kind: 'not-found', detail: 'No data.' } as ShownProblem;

/** A loader whose requests the test resolves. */
function createLoader() {
  const requests: { at: number; resolve: (result: PastViewResult) => Promise<void> }[] = [];
  const shown: (number | null)[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  const loader = new PastViewLoader(
    (at) =>
      new Promise((resolve) => {
        requests.push({ at, resolve: (result) => (resolve(result), settle()) });
      }),
    (past) => shown.push(past && past.at),
    () => Promise.resolve(),
  );
  return { loader, requests, shown };
}
const viewAt = (at: number): PastViewResult => ({ at, view: aView() });

test('sends one request at a time and skips times that are no longer chosen', async () => {
  const { loader, requests, shown } = createLoader();
  for (const at of [900_000, 910_000, 920_000]) loader.goTo(at, NOW);
  expect(requests.map(({ at }) => at)).toEqual([900_000]);
  await requests[0]!.resolve(viewAt(890_000));
  expect(requests.map(({ at }) => at)).toEqual([900_000, 920_000]);
  await requests[1]!.resolve(viewAt(915_000));
  expect(shown).toEqual([900_000, 920_000]);
  expect(loader.get()).toMatchObject({ at: 920_000, viewAt: 915_000, problem: null });
});

test('goes back to now at once and ignores a late response', async () => {
  const { loader, requests, shown } = createLoader();
  loader.goTo(900_000, NOW);
  loader.backToNow();
  expect(shown).toEqual([null]);
  await requests[0]!.resolve(viewAt(900_000));
  expect(shown).toEqual([null]);
  expect(loader.get()).toMatchObject({ at: null, viewAt: null });
});

test('caches a view unless it is of the last seconds', async () => {
  const { loader, requests } = createLoader();
  loader.goTo(900_000, NOW);
  await requests[0]!.resolve(viewAt(900_000));
  loader.goTo(999_000, NOW);
  await requests[1]!.resolve(viewAt(999_000));
  loader.goTo(900_000, NOW);
  expect(requests).toHaveLength(2);
  await Promise.resolve();
  loader.goTo(999_000, NOW);
  await new Promise((resolve) => setImmediate(resolve));
  expect(requests).toHaveLength(3);
});

test('reports a time without data and keeps the board unchanged', async () => {
  const { loader, requests, shown } = createLoader();
  loader.goTo(5, NOW);
  await requests[0]!.resolve({ problem: PROBLEM });
  expect(shown).toEqual([]);
  expect(loader.get().problem).toBe(PROBLEM);
  loader.goTo(900_000, NOW);
  expect(loader.get().problem).toBeNull();
});

test('the time window stands still in the past', () => {
  const { loader } = createLoader();
  loader.setZoom(60_000, NOW);
  loader.goTo(NOW - 10_000, NOW);
  loader.goTo(NOW - 20_000, NOW + 5000);
  expect(loader.get()).toMatchObject({ end: NOW, leftAt: NOW });
  loader.goTo(NOW - 600_000, NOW + 6000);
  expect(loader.get().end).toBe(NOW - 570_000);
  loader.setZoom(3_600_000, NOW + 7000);
  expect(loader.get().end).toBe(NOW - 570_000);
});

test('notifies subscribers until they unsubscribe', () => {
  const { loader } = createLoader();
  let notifications = 0;
  const unsubscribe = loader.subscribe(() => notifications++);
  loader.goTo(900_000, NOW);
  const before = loader.get();
  expect(loader.get()).toBe(before);
  unsubscribe();
  loader.backToNow();
  expect(notifications).toBe(1);
});
