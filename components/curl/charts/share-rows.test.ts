import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Share } from '@/lib/curl/run';
import { Tally } from '@/lib/curl/tally';
import { aMoment, anAnswer, tallyOptions } from '@/tests/factories/curl';
import { aTask, aView } from '@/tests/factories/view';
import { shareRows } from './share-rows';

const share = (taskId: string | null, slot: number | null, over: Partial<Share> = {}): Share => ({
  taskId,
  name: `goweb.${slot}`,
  slot,
  nodeId: null,
  running: true,
  answers: 1,
  share: 0,
  p50: 5,
  p95: null,
  p99: null,
  ...over,
});
const gone = { running: false };
const order = (...shares: Share[]) =>
  shareRows(shares).map((row) => `${row.key}: ${row.at.map((at) => shares[at]?.taskId).join()}`);

test('a slot keeps its row while its task fails and is replaced, and has one for all earlier tasks', () => {
  expect(order(share('a', 1), share('b', 2), share('c', 3))).toEqual(['1: a', '2: b', '3: c']);
  // As the run lists them: running tasks first.
  const old = share('b', 2, gone);
  expect(order(share('a', 1), share('c', 3), old)).toEqual(['1: a', '2: b', '3: c']);
  const next = share('b2', 2);
  const replaced = ['1: a', '2: b2', '3: c', '2 earlier: b'];
  expect(order(share('a', 1), next, share('c', 3), old)).toEqual(replaced);
  const again = share('b2', 2, gone);
  expect(order(share('a', 1), share('c', 3), old, again)).toEqual(replaced);
  const third = share('b3', 2);
  expect(order(share('a', 1), third, share('c', 3), old, again)).toEqual([
    '1: a',
    '2: b3',
    '3: c',
    '2 earlier: b,b2',
  ]);
});

test('of two running tasks of a slot the row has the newer one; nodes and unknown containers come last', () => {
  const unknown = share(null, null, { name: 'feedfacecafe' });
  expect(
    order(
      share('x', null, { nodeId: 'zero2' }),
      share('a', 1),
      share('b', 2),
      share('a2', 1),
      share('y', null, { nodeId: 'zero1' }),
      share('x0', null, { nodeId: 'zero2', ...gone }),
      unknown,
    ),
  ).toEqual([
    '1: a2',
    '2: b',
    'zero1: y',
    'zero2: x',
    '? feedfacecafe: ',
    '1 earlier: a',
    'zero2 earlier: x0',
  ]);
  expect(order()).toEqual([]);
});

test('earlier tasks are added up, and percentiles of several are unknown', () => {
  const counts = (answers: number, nodeId: string) => ({
    ...gone,
    answers,
    share: answers / 10,
    nodeId,
  });
  const shares = [
    share('now', 1, { answers: 4, share: 0.4 }),
    share('silent before', 1, { ...counts(0, 'zero1'), p50: null }),
    share('a', 1, { ...counts(1, 'zero1'), p50: 7 }),
    share('silent', 1, { ...counts(0, 'zero1'), p50: null }),
  ];
  const earlier = () => shareRows(shares).find((row) => row.earlier)?.share;
  expect(earlier()).toMatchObject({ taskId: null, answers: 1, p50: 7, nodeId: 'zero1', ...gone });
  shares.push(share('b', 1, counts(5, 'zero2')));
  expect(earlier()).toMatchObject({
    name: 'goweb.1',
    slot: 1,
    answers: 6,
    p50: null,
    nodeId: null,
  });
  expect(earlier()?.share).toBeCloseTo(0.6, 9);
});

/** What happens to a seat between two views. */
const step = fc.record({
  seat: fc.integer({ min: 1, max: 3 }),
  what: fc.constantFrom('start', 'end', 'lose', 'return', 'answer', 'answer', 'unknown'),
});

test.each([
  ['replicated', (seat: number) => ({ slot: seat, nodeId: 'id-ctrl' })],
  ['global', (seat: number) => ({ slot: null, nodeId: `id-zero${seat}` })],
] as const)(
  'during a run of a %s service no row is removed, and no answer is lost',
  (_, placeOf) => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const tally = new Tally(tallyOptions());
        /** Newest first, as a view has them. */
        const tasks: { id: string; seat: number; state: 'running' | 'failed' | 'lost' }[] = [];
        let known = new Set<string>();
        steps.forEach(({ seat, what }, at) => {
          const own = tasks.filter((task) => task.seat === seat);
          const newest = own[0];
          if (what === 'start') tasks.unshift({ id: `t${at}`, seat, state: 'running' });
          if (what === 'end') for (const task of own) task.state = 'failed';
          // The oldest one stops alone, or comes back with its node while another runs.
          if (what === 'lose') Object.assign(own.at(-1) ?? {}, { state: 'lost' });
          if (what === 'return') Object.assign(own.at(-1) ?? {}, { state: 'running' });
          const view = aView({
            tasks: tasks.flatMap(({ id, seat: of, state }) =>
              state === 'lost'
                ? []
                : [aTask({ id, name: `goweb.${of}`, state, container: id, ...placeOf(of) })],
            ),
          });
          tally.applyView(view, aMoment(at * 100));
          const taskId = what === 'answer' ? newest?.id : undefined;
          if (taskId) tally.add(anAnswer(tally.send(), 1, { taskId, container: taskId }));
          const error = 'unknown container';
          if (what === 'unknown') {
            tally.add(anAnswer(tally.send(), null, { error, container: `strange-${seat}` }));
          }
          const { shares, answered } = tally.summary(false);
          const rows = shareRows(shares);
          const keys = new Set(rows.map(({ key }) => key));
          expect(keys.size).toBe(rows.length);
          expect([...known].filter((key) => !keys.has(key))).toEqual([]);
          for (const of of [1, 2, 3]) {
            const own = rows.filter((row) => row.share.name === `goweb.${of}`);
            expect(own.length).toBeLessThanOrEqual(2);
          }
          expect(rows.flatMap((row) => row.at).toSorted((a, b) => a - b)).toEqual([
            ...shares.keys(),
          ]);
          expect(rows.reduce((sum, row) => sum + row.share.answers, 0)).toBe(answered);
          known = keys;
        });
      }),
    );
  },
);
