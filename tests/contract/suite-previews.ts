import { describe, expect, test, type TestContext } from 'vitest';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import type { Snapshot } from '@/lib/swarm/snapshot';
import { nodePreview } from '@/lib/swarm/spec/node-previews';
import { restartPreview, type Preview } from '@/lib/swarm/spec/previews';
import { snapshotOf, VIEW_OPTIONS } from './dashboard-view';
import { IMAGE, until, type TestEngine } from './engines';
import { createService, running, setAvailability, untilRunning } from './service-helpers';

const MIB = 2 ** 20;
const MONITOR = { UpdateConfig: { Parallelism: 1, Monitor: 100_000_000 } };

/** What the previews say beforehand is what the swarm does then. These tests share the nodes with no others. */
export function previews(engine: () => TestEngine): void {
  const client = () => engine().client;

  async function present(): Promise<{ snapshot: Snapshot; names: Map<string, string> }> {
    const snapshot = await snapshotOf(engine());
    const { view } = buildView(snapshot, VIEW_OPTIONS, NO_MEMORY, Date.now());
    return { snapshot, names: new Map(view.nodes.map(({ id, name }) => [id, name])) };
  }

  /** Nothing starts or stops any more. */
  const settled = () =>
    until(async () => {
      const { tasks } = await snapshotOf(engine());
      return tasks.every(({ DesiredState, Status: { State, Err } }) => {
        if (DesiredState === 'running') return State === 'running' || Err !== '';
        return DesiredState !== 'ready' && State !== 'running';
      });
    }, 'all tasks run or wait');

  async function service(context: TestContext, task: object, replicas: number) {
    const name = await createService(context, client(), 'preview', {
      replicas,
      task: { ContainerSpec: { Image: IMAGE, StopGracePeriod: 1_000_000_000 }, ...task },
      ...MONITOR,
    });
    await untilRunning(client(), name, replicas);
    return { name, id: (await client().service(name)).ID };
  }

  describe('previews', () => {
    for (const [what, task, replicas] of [
      ['without limits', {}, 5],
      ['with a maximum per node', { Placement: { MaxReplicas: 1 } }, 5],
      ['with reservations', { Resources: { Reservations: { MemoryBytes: 250 * MIB } } }, 5],
      ['with constraints', { Placement: { Constraints: ['node.hostname!=zero4'] } }, 6],
    ] as const) {
      test(`of a drain of a service ${what}`, async (context) => {
        const { name, id } = await service(context, task, replicas);
        const { snapshot, names } = await present();
        const node = [...names].find(([, one]) => one === 'zero1')?.[0] ?? '';
        const preview = ofService(
          nodePreview(snapshot, names, node, { availability: 'drain' }),
          name,
        );
        const there = running(snapshot.tasks).filter(
          ({ ServiceID, NodeID }) => ServiceID === id && NodeID === node,
        );
        expect(preview.moves.length + preview.waits.length).toBe(there.length);
        await setAvailability(context, client(), 'zero1', 'drain');
        await settled();
        const after = await snapshotOf(engine());
        const waiting = after.tasks.filter(
          ({ ServiceID, Status, DesiredState }) =>
            ServiceID === id && Status.State === 'pending' && DesiredState === 'running',
        );
        expect(waiting).toHaveLength(preview.waits.length);
        expect(counts(after, id)).toEqual(countsAfter(snapshot, names, id, preview, 'zero1'));
      });
    }

    for (const [what, labelled] of [
      ['another node has too', ['zero1', 'zero2']],
      ['no other node has', ['zero1']],
    ] as const) {
      test(`of the removal of a label that ${what}`, async (context) => {
        const relabel = (node: string, Labels: Record<string, string>) =>
          client().update('nodes', node, (spec) => void (spec['Labels'] = Labels));
        for (const node of labelled) {
          await relabel(node, { preview: 'yes' });
          context.onTestFinished(() => relabel(node, {}));
        }
        const task = { Placement: { Constraints: ['node.labels.preview==yes'] } };
        const { name, id } = await service(context, task, 3);
        const { snapshot, names } = await present();
        const node = [...names].find(([, one]) => one === 'zero1')?.[0] ?? '';
        const change = { labels: { preview: null } };
        const preview = ofService(nodePreview(snapshot, names, node, change), name);
        const there = running(snapshot.tasks).filter(
          ({ ServiceID, NodeID }) => ServiceID === id && NodeID === node,
        );
        expect(preview.moves.length + preview.waits.length).toBe(there.length);
        await relabel('zero1', {});
        await settled();
        const after = await snapshotOf(engine());
        expect(counts(after, id)).toEqual(countsAfter(snapshot, names, id, preview, 'zero1'));
      });
    }

    test('of a restart after nodes were away', async (context) => {
      for (const node of ['zero1', 'zero2']) {
        await setAvailability(context, client(), node, 'drain');
      }
      const { name, id } = await service(context, {}, 5);
      for (const node of ['zero1', 'zero2']) {
        await client().update('nodes', node, (spec) => void (spec['Availability'] = 'active'));
      }
      const { snapshot, names } = await present();
      expect(counts(snapshot, id)).toEqual([1, 2, 2]);
      const expected = countsAfter(snapshot, names, id, restartPreview(snapshot, names, id));
      expect(expected).toHaveLength(5);
      await client().update('services', name, (spec) => {
        const task = spec['TaskTemplate'] as { ForceUpdate?: number };
        task.ForceUpdate = (task.ForceUpdate ?? 0) + 1;
      });
      await until(async () => {
        const { UpdateStatus } = await client().service(name);
        return UpdateStatus?.State === 'completed';
      }, 'the restart is over');
      expect(counts(await snapshotOf(engine()), id)).toEqual(expected);
    });
  });
}

/** The part of a preview that is about one service. */
function ofService(preview: Preview, name: string): Pick<Preview, 'moves' | 'waits'> {
  const isOwn = ({ task }: { task: string }) => task.startsWith(`${name}.`);
  return { moves: preview.moves.filter(isOwn), waits: preview.waits.filter(isOwn) };
}

/** How many tasks of the service run on each node, ascending: which of equal nodes gets one is chance. */
function counts({ tasks }: Snapshot, serviceId: string): number[] {
  const perNode = new Map<string, number>();
  for (const { ServiceID, NodeID } of running(tasks)) {
    if (ServiceID === serviceId) perNode.set(NodeID ?? '', (perNode.get(NodeID ?? '') ?? 0) + 1);
  }
  return [...perNode.values()].sort((a, b) => a - b);
}

/** The same after the moves of a preview; tasks that would wait leave the node `left`. */
function countsAfter(
  { tasks }: Snapshot,
  names: ReadonlyMap<string, string>,
  serviceId: string,
  { moves, waits }: Pick<Preview, 'moves' | 'waits'>,
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
  add(left, -waits.length);
  return [...perNode.values()].filter((count) => count > 0).sort((a, b) => a - b);
}
