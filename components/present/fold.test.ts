import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aNode, aTask } from '@/tests/factories/view';
import type { BoardTask } from '../board/board-tasks';
import { chipSize, foldCell, foldTasks, moreWords, stagePlaces } from './fold';

const HAT = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
const nodes = (count: number, over = {}) =>
  Array.from({ length: count }, (_, at) => aNode({ name: `node${at}`, place: null, ...over }));
const inHat = HAT.map((name) => aNode({ name }));
const tasks = (count: number, over = {}): BoardTask[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `${at}`,
    task: aTask({ slot: at + 1, ...over }),
    service: 'goweb',
    earlierFailures: 0,
    lostAt: null,
    badge: at + 1,
  }));

test('the HAT is cards, other nodes are cells', () => {
  const { cards, cells, more } = stagePlaces({ hat: HAT, nodes: [...inHat, ...nodes(4)] });
  expect(cards.map(({ name }) => name)).toEqual(HAT);
  expect(cells.map(({ name }) => name)).toEqual(['node0', 'node1', 'node2', 'node3']);
  expect(more).toEqual([]);
});

test('a place without its node stays a card; without a HAT the first nodes are cards', () => {
  const { cards } = stagePlaces({ hat: HAT, nodes: inHat.slice(0, 4) });
  expect(cards[4]).toMatchObject({ name: 'zero4', port: 'P4', node: undefined });
  const others = stagePlaces({ hat: [], nodes: nodes(8) });
  expect([others.cards.length, others.cells.length]).toEqual([5, 3]);
});

test('of many nodes those with a problem have a cell', () => {
  const all = [...inHat, ...nodes(300), aNode({ name: 'bad', place: null, state: 'down' })];
  const { cells, more } = stagePlaces({ hat: HAT, nodes: all });
  expect(cells.map(({ name }) => name)).toContain('bad');
  expect(cells.length).toBe(7);
  expect(moreWords(more)).toBe('294 more nodes');
  expect(moreWords([...more, aNode({ state: 'down' })])).toBe('295 more nodes, 1 not ready');
  expect(moreWords([aNode()])).toBe('1 more node');
});

test('no node is missing and none is shown twice', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 40 }), fc.boolean(), (count, hat) => {
      const all = [...(hat ? inHat : []), ...nodes(count)];
      const places = stagePlaces({ hat: hat ? HAT : [], nodes: all });
      const shown = [
        ...places.cards.flatMap(({ node }) => node?.id ?? []),
        ...[...places.cells, ...places.more].map(({ id }) => id),
      ];
      expect(shown.toSorted()).toEqual(all.map(({ id }) => id).toSorted());
      expect(places.cells.length + Number(places.more.length > 0)).toBeLessThanOrEqual(8);
    }),
  );
});

test.each([
  [[], false, 'large'],
  [[2, 0], false, 'large'],
  [[1, 1], true, 'large'],
  [[3, 1], false, 'full'],
  [[4], false, 'line'],
  [[6, 0], false, 'badge'],
  [[500, 1], false, 'badge'],
  [[2], true, 'full'],
  [[3], true, 'line'],
  [[4], true, 'badge'],
] as const)('%j tasks per card, with cells: %s → %s', (counts, hasCells, size) => {
  expect(
    chipSize(
      counts.map((count) => tasks(count)),
      hasCells,
    ),
  ).toBe(size);
});

test('badges of more than two characters need more room', () => {
  const many = tasks(40).map((one) => ({ ...one, badge: 'N1.12' }));
  expect(chipSize([many], false)).toBe('wide');
  expect(foldTasks(many, 'wide', false)).toMatchObject({ more: 26 });
  expect(foldCell(many)).toMatchObject({ more: 39 });
});

test('what does not fit is a number, and problems are shown', () => {
  const failed = tasks(1, { state: 'failed', phase: 'failed' }).map((one) => ({ ...one, id: 'f' }));
  const { tasks: shown, more } = foldTasks([...tasks(40), ...failed], 'badge', false);
  expect([shown.length, more]).toEqual([24, 17]);
  expect(shown.at(-1)?.id).toBe('f');
  expect(foldCell(tasks(3)).more).toBe(0);
  expect(foldCell(tasks(4))).toMatchObject({ more: 2 });
});

test('shown and folded tasks are all tasks', () => {
  fc.assert(
    fc.property(fc.nat(200), fc.boolean(), (count, hasCells) => {
      const size = chipSize([tasks(count)], hasCells);
      const { tasks: shown, more } = foldTasks(tasks(count), size, hasCells);
      expect(shown.length + more).toBe(count);
      expect(more).not.toBe(1);
    }),
  );
});
