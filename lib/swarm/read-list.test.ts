import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { nodeReading, serviceReading, taskReading } from './engine-json';
import { listOf, MAX_KEPT, MAX_ODD, NOTHING_ODD } from './read-list';

interface Json {
  [field: string]: unknown;
  ID: string;
}
const captured = (name: string): Json[] =>
  JSON.parse(readFileSync(`tests/fixtures/engine/${name}.json`, 'utf8'));
const tasks = listOf(taskReading).whole;
const nodes = listOf(nodeReading).whole;

test('null is an empty list', () => {
  expect(tasks.parse(null)).toEqual({ entities: [], odd: NOTHING_ODD });
});

test.each([{}, 'tasks', 5, undefined])('%j is no list', (json) => {
  expect(tasks.safeParse(json).success).toBe(false);
});

test('a list in which everything can be read has nothing odd', () => {
  const { entities, odd } = tasks.parse(captured('tasks'));
  expect(entities).toHaveLength(captured('tasks').length);
  expect(odd).toBe(NOTHING_ODD);
});

test('an odd entity leaves the others as they are', () => {
  const all = captured('tasks');
  const good = tasks.parse(captured('tasks')).entities;
  const [first] = all as [Json];
  const { entities, odd } = tasks.parse([
    null,
    { ...first, ID: 'partly', Spec: null },
    ...all,
    { ...first, ID: 'not', NodeID: 5 },
    { ...first, ID: undefined },
    7,
  ]);
  expect(entities.slice(1)).toEqual(good);
  expect(entities[0]?.ID).toBe('partly');
  expect([...odd.partly]).toEqual(['partly']);
  expect([...odd.leftOut]).toEqual(['not']);
  expect(odd.withoutId).toBe(3);
  expect(odd.groups.map(({ shown, what, names }) => [shown, what, names])).toEqual([
    ['not', ['entry (null)'], []],
    ['partly', ['`Spec` (null)'], ['partly']],
    ['not', ['`NodeID` (5)'], ['not']],
    ['not', ['`ID` (missing)'], []],
    ['not', ['entry (7)'], []],
  ]);
});

test('names entities by their names', () => {
  const [node] = captured('nodes') as [Json];
  const [service] = captured('services') as [Json];
  const names = (odd: typeof NOTHING_ODD) => odd.groups.map((group) => group.names);
  const Description = { Hostname: 'zero`1' };
  const read = nodes.parse([
    { ...node, ID: 'a'.repeat(25), Version: {}, Description },
    { ...node, ID: 'b'.repeat(25), Version: {}, Description: {} },
  ]);
  expect(names(read.odd)).toEqual([["zero'1", 'bbbbbbbbbbbb']]);
  const { odd } = listOf(serviceReading).whole.parse([{ ...service, Version: {} }]);
  expect(names(odd)).toEqual([[(service['Spec'] as { Name: string }).Name]]);
});

test('of two entities with one id the newer is kept, and that is named', () => {
  const [node] = captured('nodes') as [Json];
  const versions = (...indexes: number[]) =>
    nodes.parse(indexes.map((Index) => ({ ...node, Version: { Index } })));
  for (const read of [versions(5, 6), versions(6, 5)]) {
    expect(read.entities.map(({ Version }) => Version.Index)).toEqual([6]);
    expect(read.odd.groups).toMatchObject([{ shown: 'twice', count: 1, ids: [node.ID] }]);
  }
});

test('ids that differ only by case are two entities', () => {
  const [node] = captured('nodes') as [Json];
  const read = nodes.parse([
    { ...node, ID: 'abc' },
    { ...node, ID: 'ABC' },
  ]);
  expect(read.entities.map(({ ID }) => ID)).toEqual(['abc', 'ABC']);
  expect(read.odd).toBe(NOTHING_ODD);
});

test('5,000 odd entities are shown, and a few named', () => {
  const [task] = captured('tasks') as [Json];
  const { entities, odd } = tasks.parse(
    Array.from({ length: 5000 }, (_, n) => ({ ...task, ID: `task-${n}`, Spec: null })),
  );
  expect(entities).toHaveLength(5000);
  expect(odd.groups).toMatchObject([
    { count: 5000, names: expect.objectContaining({ length: 6 }) },
  ]);
});

test('entities that are odd in many ways are counted', () => {
  const [task] = captured('tasks') as [Json];
  const { entities, odd } = tasks.parse(
    Array.from({ length: 500 }, (_, n) => ({ ...task, ID: `task-${n}`, Spec: `odd ${n}` })),
  );
  expect(entities).toHaveLength(500);
  expect(odd.groups).toHaveLength(8);
  expect(odd.others).toBe(492);
});

test('a list with too many odd entries is rejected while it is read', () => {
  const { error } = tasks.safeParse(Array(1_000_000).fill(0));
  expect(error?.issues).toMatchObject([{ path: [MAX_ODD] }]);
});

test('a list whose entries need too much memory is not read to its end', () => {
  const reader = listOf(taskReading).start();
  const [task] = captured('tasks') as [Json];
  const Status = { ...(task['Status'] as object), Err: 'x'.repeat(4000) };
  let read = 0;
  let problem = null;
  while (problem === null && read < 20_000) {
    problem = reader.add({ ...task, ID: `task-${read}`, Status });
    read++;
  }
  expect(problem).toBe('large');
  expect(read).toBeLessThan(MAX_KEPT / 4000);
});
