import { expect, test } from 'vitest';
import { aNode, aTask } from '@/tests/factories/view';
import { copiedText, NO_SOURCES, sourceName, withView } from './line-sources';

const badgeOf = ({ slot }: { slot: number | null }) => slot;
const swarm = (...names: string[]) => ({
  tasks: names.map((name, at) => aTask({ id: `id-${name}`, name, slot: at + 1 })),
  nodes: [aNode({ id: 'n-1', name: 'zero1' })],
  goneNodes: [{ id: 'n-9', name: 'zero9' }],
});

test('knows the tasks and nodes of the view, and those that have left', () => {
  const { tasks, nodes } = withView(NO_SOURCES, swarm('goweb.1', 'goweb.2'), badgeOf);
  expect(tasks.get('id-goweb.2')).toMatchObject({ name: 'goweb.2', badge: 2, listed: true });
  expect([...nodes.values()]).toEqual(['zero9', 'zero1']);
});

test('lines have the colour of their slot, whichever service is curled', () => {
  const mark = ({ slot }: { slot: number | null }) => `w${slot}`;
  const { tasks } = withView(NO_SOURCES, swarm('web.1', 'web.2'), mark);
  expect([...tasks.values()].map(({ badge, colour }) => [badge, colour])).toEqual([
    ['w1', 1],
    ['w2', 2],
  ]);
  // Tasks of a global service have the number of their node, and slots of a job start at 0.
  const others = { ...swarm(), tasks: [{ nodeId: 'n-9', slot: null }, { slot: 0 }].map(aTask) };
  const unslotted = withView(NO_SOURCES, others, () => null);
  const colours = [...unslotted.tasks.values()].map(({ colour }) => colour);
  expect(colours).toEqual([2, 8]);
});

test('is the same object while nothing has changed', () => {
  const first = withView(NO_SOURCES, swarm('goweb.1'), badgeOf);
  expect(withView(first, swarm('goweb.1'), badgeOf)).toBe(first);
  expect(withView(first, swarm('goweb.1'), () => 'g')).not.toBe(first);
});

test('keeps the names of tasks that swarm has removed', () => {
  const first = withView(NO_SOURCES, swarm('goweb.1', 'goweb.2'), badgeOf);
  const later = withView(first, swarm('goweb.1'), badgeOf);
  expect(later.tasks.get('id-goweb.2')).toMatchObject({ name: 'goweb.2', listed: false });
  expect(withView(later, swarm('goweb.1'), badgeOf)).toBe(later);
  expect(sourceName(later, 'id-goweb.2')).toBe('goweb.2');
  expect(sourceName(later, 'abcdefghijklmnop')).toBe('abcdefghijkl');
  expect(sourceName(later, '')).toBe('unknown task');
});

test('copies entries as docker prints them', () => {
  const sources = withView(NO_SOURCES, swarm('goweb.1'), badgeOf);
  const line = {
    kind: 'line' as const,
    time: '2026-01-01T12:00:00.000000000Z',
    taskId: 'id-goweb.1',
    nodeId: 'n-1',
    stream: 'stdout' as const,
    text: 'GET / 200',
    cut: false,
  };
  expect(copiedText(line, sources)).toBe(
    '2026-01-01T12:00:00.000000000Z goweb.1.id-goweb.1@zero1    | GET / 200\n',
  );
  expect(copiedText({ ...line, taskId: 'old' }, sources)).toContain(' old@zero1    | GET');
  expect(copiedText({ kind: 'note', text: 'zero1 is back.', taskId: null }, sources)).toBe(
    '# zero1 is back.\n',
  );
});
