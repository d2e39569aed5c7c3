import { describe, expect, test } from 'vitest';
import { planDrill, type DrillOrder } from './drill';
import { aNode, aTask, aView } from '@/tests/factories/view';

const run = { service: 'goweb', serviceId: 'id-goweb' };
const plan = (order: DrillOrder, view = aView()) => planDrill(view, run, order);
const kind = (planned: ReturnType<typeof plan>) => (planned.ok ? null : planned.why.kind);
const drain = (node: string): DrillOrder => ({ kind: 'drain', node, seconds: 15 });

describe('a drain', () => {
  test('accepts a node by name or id, and keeps its availability', () => {
    const nodes = [aNode({ name: 'zero1', availability: 'pause' })];
    for (const node of ['zero1', 'id-zero1']) {
      expect(plan(drain(node), aView({ nodes }))).toMatchObject({
        ok: true,
        plan: { kind: 'drain', node: { id: 'id-zero1' }, seconds: 15, back: 'pause' },
      });
    }
  });

  test('rejects a node that is unknown, drained or down', () => {
    const as = (over: object) => aView({ nodes: [aNode({ name: 'zero1', ...over })] });
    expect(kind(plan(drain('zero9')))).toBe('not-found');
    expect(kind(plan(drain('zero1'), as({ availability: 'drain' })))).toBe('not-drillable');
    expect(kind(plan(drain('zero1'), as({ state: 'down' })))).toBe('not-drillable');
    const twins = aView({ nodes: ['a', 'b'].map((id) => aNode({ name: 'zero1', id })) });
    expect(kind(plan(drain('zero1'), twins))).toBe('bad-request');
  });
});

describe('a kill', () => {
  const view = aView({ tasks: [aTask({ slot: 1, nodeId: 'id-ctrl' }), aTask({ slot: 2 })] });

  test('accepts a task on the engine’s own node', () => {
    for (const task of ['goweb.1', 'task-1']) {
      expect(plan({ kind: 'kill', task }, view)).toMatchObject({
        ok: true,
        plan: { kind: 'kill', container: '000000000001', node: { name: 'ctrl' } },
      });
    }
  });

  test('rejects a task on another node, and suggests an alternative', () => {
    const planned = plan({ kind: 'kill', task: 'goweb.2' }, view);
    expect(planned).toMatchObject({ ok: false, why: { kind: 'not-drillable' } });
    expect(planned).toMatchObject({ why: { next: expect.stringContaining('docker kill 0000') } });
  });

  test('rejects a task of another service, an ended task and one without a container', () => {
    const here = { nodeId: 'id-ctrl' };
    const tasks = [
      aTask({ slot: 1, ...here, serviceId: 'dashboard', name: 'dashboard.1' }),
      aTask({ slot: 2, ...here, state: 'shutdown' }),
      aTask({ slot: 3, ...here, container: null }),
    ];
    const others = aView({ tasks });
    expect(kind(plan({ kind: 'kill', task: 'dashboard.1' }, others))).toBe('not-found');
    expect(kind(plan({ kind: 'kill', task: 'task-1' }, others))).toBe('not-found');
    expect(kind(plan({ kind: 'kill', task: 'goweb.2' }, others))).toBe('not-found');
    expect(kind(plan({ kind: 'kill', task: 'goweb.3' }, others))).toBe('not-drillable');
  });
});
