import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import type { Snapshot } from '@/lib/swarm/snapshot';
import { drainPreview, restartPreview, type Preview } from '@/lib/swarm/spec/previews';
import { snapshotOf, VIEW_OPTIONS } from './dashboard-view';
import { demoEngine, until, type TestEngine } from './engines';
import { createService, running, setAvailability, untilRunning } from './service-helpers';

/** What the previews say beforehand is what the swarm does then. */

let engine: TestEngine;
beforeAll(async () => {
  engine = await demoEngine();
  await engine.client.call('DELETE', '/services/goweb');
});
afterAll(() => engine.close());

const MIB = 2 ** 20;
const MONITOR = { UpdateConfig: { Parallelism: 1, Monitor: 100_000_000 } };

async function present(): Promise<{ snapshot: Snapshot; names: Map<string, string> }> {
  const snapshot = await snapshotOf(engine);
  const { view } = buildView(snapshot, VIEW_OPTIONS, NO_MEMORY, Date.now());
  return { snapshot, names: new Map(view.nodes.map(({ id, name }) => [id, name])) };
}

/** How many tasks of the service run on each node, ascending: which of equal nodes gets one is chance. */
function counts({ tasks }: Snapshot, serviceId: string): number[] {
  const perNode = new Map<string, number>();
  for (const { ServiceID, NodeID } of running(tasks)) {
    if (ServiceID === serviceId) perNode.set(NodeID ?? '', (perNode.get(NodeID ?? '') ?? 0) + 1);
  }
  return [...perNode.values()].sort((a, b) => a - b);
}

/** The same after the moves of a preview. */
function countsAfter(
  { tasks }: Snapshot,
  names: ReadonlyMap<string, string>,
  serviceId: string,
  { moves, waits }: Preview,
  left = '',
): number[] {
  const perNode = new Map<string, number>();
  const add = (node: string, by: number) => perNode.set(node, (perNode.get(node) ?? 0) + by);
  for (const { ServiceID, NodeID } of running(tasks)) {
    if (ServiceID === serviceId) add(names.get(NodeID ?? '') ?? '', 1);
  }
  for (const { from, to } of moves) {
    add(from ?? '', -1);
    add(to, 1);
  }
  // Those that wait leave the node, too.
  add(left, -waits.length);
  return [...perNode.values()].filter((count) => count > 0).sort((a, b) => a - b);
}

/** Nothing starts or stops any more. */
const settled = () =>
  until(async () => {
    const { tasks } = await snapshotOf(engine);
    const moving = tasks.filter(
      ({ DesiredState, Status }) =>
        (DesiredState === 'running' && Status.State !== 'running' && Status.Err === '') ||
        DesiredState === 'ready' ||
        (DesiredState === 'shutdown' && Status.State === 'running'),
    );
    return moving.length === 0;
  }, 'all tasks run or wait');

test.each([
  ['without limits', {}, 5],
  ['with a maximum per node', { Placement: { MaxReplicas: 1 } }, 5],
  ['with reservations', { Resources: { Reservations: { MemoryBytes: 250 * MIB } } }, 5],
  ['with constraints', { Placement: { Constraints: ['node.hostname!=zero4'] } }, 6],
])('a drain of a service %s', async (_, task, replicas) => {
  await drained(...(await created(task, replicas)));
});

async function created(task: Record<string, unknown>, replicas: number) {
  const cleanUp: (() => unknown)[] = [];
  const context = { onTestFinished: (then: () => unknown) => void cleanUp.push(then) };
  const name = await createService(context as unknown as TestContext, engine.client, 'preview', {
    replicas,
    task: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' }, ...task },
    ...MONITOR,
  });
  await untilRunning(engine.client, name, replicas);
  return [name, context as unknown as TestContext, cleanUp] as const;
}

async function drained(
  name: string,
  context: TestContext,
  cleanUp: readonly (() => unknown)[],
): Promise<void> {
  try {
    const { snapshot, names } = await present();
    const { ID } = await engine.client.service(name);
    const zero1 = [...names].find(([, node]) => node === 'zero1')?.[0] ?? '';
    const preview = drainPreview(snapshot, names, zero1);
    const expected = countsAfter(snapshot, names, ID, preview, 'zero1');
    const there = running(snapshot.tasks).filter(
      ({ ServiceID, NodeID }) => ServiceID === ID && NodeID === zero1,
    );
    expect(preview.moves.length + preview.waits.length).toBe(there.length);
    await setAvailability(context, engine.client, 'zero1', 'drain');
    await settled();
    const after = await snapshotOf(engine);
    const waiting = after.tasks.filter(
      ({ ServiceID, Status, DesiredState }) =>
        ServiceID === ID && Status.State === 'pending' && DesiredState === 'running',
    );
    expect(waiting).toHaveLength(preview.waits.length);
    expect(counts(after, ID)).toEqual(expected);
  } finally {
    for (const then of cleanUp.toReversed()) await then();
    await settled();
  }
}

test('a restart after a node was away', async (context) => {
  await engine.client.update('nodes', 'zero1', (spec) => void (spec['Availability'] = 'drain'));
  await engine.client.update('nodes', 'zero2', (spec) => void (spec['Availability'] = 'drain'));
  const name = await createService(context, engine.client, 'preview', { replicas: 7, ...MONITOR });
  await untilRunning(engine.client, name, 7);
  for (const node of ['zero1', 'zero2']) {
    await engine.client.update('nodes', node, (spec) => void (spec['Availability'] = 'active'));
  }
  const { snapshot, names } = await present();
  const { ID } = await engine.client.service(name);
  expect(counts(snapshot, ID)).toEqual([2, 2, 3]);
  const expected = countsAfter(snapshot, names, ID, restartPreview(snapshot, names, ID));
  expect(expected).toHaveLength(5);
  await engine.client.update('services', name, (spec) => {
    (spec['TaskTemplate'] as { ForceUpdate: number }).ForceUpdate += 1;
  });
  await until(async () => {
    const { UpdateStatus } = await engine.client.service(name);
    return UpdateStatus?.State === 'completed';
  }, 'the restart is over');
  expect(counts(await snapshotOf(engine), ID)).toEqual(expected);
});
