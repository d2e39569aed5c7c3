import { describe, expect, test } from 'vitest';
import { aRequest } from '@/tests/factories/curl';
import { aService, aTask, aView } from '@/tests/factories/view';
import type { TaskView } from '../swarm/view';
import { dial } from './dial';
import { EntryTurns } from './entry-turns';

const task = (slot: number, node: string, published: number, over: Partial<TaskView> = {}) =>
  aTask({
    slot,
    nodeId: `id-${node}`,
    hostPorts: [{ published, target: 8080, protocol: 'tcp' }],
    ...over,
  });

function setUp(published: number | null, ...tasks: TaskView[]) {
  const ports = [{ published, target: 8080, protocol: 'tcp', mode: 'host' as const }];
  const view = (...now: TaskView[]) => aView({ services: [aService({ ports })], tasks: now });
  const request = aRequest({ publishedPort: published ?? 0, entryNode: 'rotate' });
  const dialled = dial(view(...tasks), request);
  if (!dialled.ok) throw new Error(dialled.why.detail);
  const turns = new EntryTurns(dialled.target);
  const apply = (at: number, ...now: TaskView[]) => turns.applyView(view(...now), at);
  apply(0, ...tasks);
  return {
    apply,
    next: (count: number, at = 0, skipped?: ReadonlySet<string>) =>
      Array.from({ length: count }, () => {
        const turn = turns.next(at, skipped);
        return turn && `${turn.entry.name}:${turn.port}`;
      }),
  };
}

describe('ports that the engine chose', () => {
  test('take turns by node, and on a node by task', () => {
    const { next } = setUp(
      null,
      task(1, 'zero1', 32_768),
      task(2, 'zero1', 32_769),
      task(3, 'zero2', 32_768),
    );
    expect(next(5)).toEqual([
      'zero1:32768',
      'zero2:32768',
      'zero1:32769',
      'zero2:32768',
      'zero1:32768',
    ]);
  });

  test('of a replacement are used at once, also on another node', () => {
    const { apply, next } = setUp(null, task(1, 'zero1', 32_768));
    expect(next(1)).toEqual(['zero1:32768']);
    apply(100, task(1, 'zero1', 32_768, { state: 'failed' }), task(2, 'zero3', 40_000));
    expect(next(2, 100)).toEqual(['zero3:40000', 'zero3:40000']);
  });

  test('are not dialled after their task, and none is left ten seconds later', () => {
    const { apply, next } = setUp(null, task(1, 'zero1', 32_768));
    apply(100, task(1, 'zero1', 32_768, { state: 'failed' }));
    expect(next(2, 100)).toEqual(['zero1:null', 'zero1:null']);
    expect(next(1, 10_099)).toEqual(['zero1:null']);
    expect(next(1, 10_100)).toEqual([null]);
    apply(10_200, task(2, 'zero1', 32_770));
    expect(next(1, 10_200)).toEqual(['zero1:32770']);
  });
});

test('a fixed port is still dialled while its task is replaced, and on nodes that get a task', () => {
  const { apply, next } = setUp(9000, task(1, 'zero1', 9000));
  expect(next(2)).toEqual(['zero1:9000', 'zero1:9000']);
  apply(100, task(1, 'zero1', 9000, { state: 'failed' }));
  expect(next(2, 200)).toEqual(['zero1:9000', 'zero1:9000']);
  apply(300, task(2, 'zero2', 9000));
  expect(next(2, 300)).toEqual(['zero2:9000', 'zero1:9000']);
  expect(next(2, 10_100)).toEqual(['zero2:9000', 'zero2:9000']);
});

test('nodes that cannot be reached get no turn while another one can', () => {
  const { next } = setUp(9000, task(1, 'zero1', 9000), task(2, 'zero2', 9000));
  expect(next(2, 0, new Set(['id-zero1']))).toEqual(['zero2:9000', 'zero2:9000']);
  expect(next(2, 0, new Set(['id-zero1', 'id-zero2']))).toEqual(['zero1:9000', 'zero2:9000']);
});
