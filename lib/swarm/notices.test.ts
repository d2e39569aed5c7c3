import { expect, test } from 'vitest';
import { aNode, aService, aTask, aView } from '@/tests/factories/view';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { noticesOf } from './notices';
import { NOTHING_ODD, type OddGroup } from './read-list';
import type { OddParts } from './snapshot';

const group = (over: Partial<OddGroup>): OddGroup => ({
  shown: 'partly',
  what: ['`Spec` (null)'],
  count: 1,
  names: ['thing'],
  ids: ['id-thing'],
  ...over,
});

function notices(odd: Partial<OddParts>, view = aView()) {
  const snapshot = capturedSnapshot();
  return noticesOf({ ...snapshot, odd: { ...snapshot.odd, ...odd } }, view);
}
const of = (...groups: OddGroup[]) => ({ ...NOTHING_ODD, groups });
const texts = (odd: Partial<OddParts>, view = aView()) =>
  notices(odd, view).map(({ text }) => text);

test('there are none where everything could be read', () => {
  expect(notices({})).toEqual([]);
});

test('one entity: names the odd part, and the command to inspect it', () => {
  const replicas = group({
    what: ['`Spec.Mode.Replicated.Replicas` (null)'],
    names: ['odd'],
    ids: ['id-odd'],
  });
  const view = aView({ services: [aService({ name: 'odd' })] });
  expect(notices({ services: of(replicas) }, view)).toEqual([
    {
      id: 'left-out:service:partly:`Spec.Mode.Replicated.Replicas` (null)',
      kind: 'left-out',
      text: 'Service odd is shown without `Spec.Mode.Replicated.Replicas` (null).',
      next: 'This is what the engine reports:',
      command: 'docker service inspect id-odd',
    },
  ]);
});

test('several unreadable parts of an entity are listed in one sentence', () => {
  const node = group({ what: ['`Version.Index` (missing)', '`Spec.Labels.a` (null)'] });
  expect(texts({ nodes: of(node) })).toEqual([
    'Node thing is shown without `Version.Index` (missing) and `Spec.Labels.a` (null).',
  ]);
});

test('tasks have the names that the board shows', () => {
  const view = aView({ tasks: [aTask({ slot: 7 })] });
  const task = group({ names: ['task-7'], ids: ['task-7'] });
  expect(notices({ tasks: of(task) }, view)).toMatchObject([
    {
      text: 'Task goweb.7 is shown without `Spec` (null).',
      command: 'docker inspect --type=task task-7',
    },
  ]);
});

test('many entities with the same odd part have one notice', () => {
  const tasks = group({ names: ['a', 'b', 'c'], ids: ['a', 'b', 'c'], count: 5000 });
  expect(texts({ tasks: of(tasks) })).toEqual([
    'Tasks a, b, c and 4997 more are shown without `Spec` (null).',
  ]);
});

test('an entity that is left out, with and without an id', () => {
  const what = ['`NodeID` (5)'];
  expect(
    texts({
      tasks: of(
        group({ shown: 'not', what }),
        group({ shown: 'not', what: ['entry (null)'], names: [], ids: [] }),
        group({ shown: 'not', what: ['`ID` (missing)'], names: [], ids: [], count: 2 }),
      ),
    }),
  ).toEqual([
    'Task thing is left out because of its `NodeID` (5).',
    'A task is left out because of its entry (null).',
    '2 tasks are left out because of their `ID` (missing).',
  ]);
});

test('an entity that could be read before is shown as it was', () => {
  const zero1 = group({ shown: 'not', what: ['`ID` (5)'], names: ['zero1'], ids: ['id-zero1'] });
  expect(texts({ nodes: of(zero1) }, aView({ nodes: [aNode({ name: 'zero1' })] }))).toEqual([
    'Node zero1 is shown as last read because of its `ID` (5).',
  ]);
});

test('an entity that is listed twice', () => {
  const twice = group({ shown: 'twice', what: [], names: ['zero1'] });
  expect(texts({ nodes: of(twice) })).toEqual([
    'Node zero1 is listed twice by the engine and shown once.',
  ]);
});

test('only the first of many get a notice each', () => {
  const groups = Array.from({ length: 8 }, (_, n) => group({ what: [`\`F${n}\` (null)`] }));
  const shown = notices({ nodes: of(...groups), tasks: { ...of(...groups), others: 10 } });
  expect(shown).toHaveLength(9);
  expect(shown.at(-1)?.text).toBe(
    "18 more entries of the engine's lists could not be read in full.",
  );
  expect(new Set(shown.map(({ id }) => id)).size).toBe(9);
});

test('parts of /info and /version', () => {
  expect(texts({ engine: ['`Labels` (null)'] })).toEqual([
    'What the engine reports of itself is shown without `Labels` (null).',
  ]);
});
