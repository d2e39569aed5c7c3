import { describe, expect, test, type TestContext } from 'vitest';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import type { Snapshot } from '@/lib/swarm/snapshot';
import { effectOf } from '@/lib/swarm/spec/effect';
import type { ServicePatch } from '@/lib/swarm/spec/form';
import { nodePreview } from '@/lib/swarm/spec/node-previews';
import { patchSpec } from '@/lib/swarm/spec/patch-spec';
import { restartPreview, type Preview } from '@/lib/swarm/spec/previews';
import { snapshotOf, VIEW_OPTIONS } from './dashboard-view';
import { IMAGE, until, type TestEngine } from './engines';
import {
  createService,
  pollFor,
  running,
  setAvailability,
  slots,
  untilRunning,
} from './service-helpers';

const MIB = 2 ** 20;
const MONITOR = { UpdateConfig: { Parallelism: 1, Monitor: 100_000_000 } };

/** Updates, and what is said beforehand of their tasks. */
const UPDATES: readonly [what: string, patch: ServicePatch, text: RegExp][] = [
  ['a label', { labels: { a: 'b' } }, /^No task is replaced/],
  ['an update policy', { update: { delay: '1ms' } }, /^No task is replaced/],
  ['a maximum per node', { maxPerNode: 5 }, /^No task is replaced/],
  [
    'a constraint that their nodes satisfy',
    { constraints: { add: ['node.hostname!=nosuch'] } },
    /^A task is replaced only if/,
  ],
  ['a variable', { env: { A: 'b' } }, /^Every task is replaced, one at a time/],
  ['a restart policy', { restart: { window: '1s' } }, /^Every task is replaced/],
  [
    'a published port',
    { ports: { add: [{ target: 8080, protocol: 'tcp', mode: 'ingress' }] } },
    /^Every task is replaced/,
  ],
];

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

  /** The service's tasks are where the preview said. Swarm begins to move them a moment after the change. */
  async function untilPlaced(id: string, expected: number[]): Promise<Snapshot> {
    const placed = async () => counts(await snapshotOf(engine()), id);
    await expect.poll(placed, { timeout: 60_000, interval: 200 }).toEqual(expected);
    await settled();
    const after = await snapshotOf(engine());
    expect(counts(after, id)).toEqual(expected);
    return after;
  }

  async function service(context: TestContext, task: object, replicas: number) {
    const name = await createService(context, client(), 'preview', {
      replicas,
      task: { ContainerSpec: { Image: IMAGE, StopGracePeriod: 1_000_000_000 }, ...task },
      ...MONITOR,
    });
    await untilRunning(client(), name, replicas);
    return { name, id: (await client().service(name)).ID };
  }

  const force = (name: string) =>
    client().update('services', name, (spec) => {
      const task = spec['TaskTemplate'] as { ForceUpdate?: number };
      task.ForceUpdate = (task.ForceUpdate ?? 0) + 1;
    });

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
        const after = await untilPlaced(id, countsAfter(snapshot, names, id, preview, 'zero1'));
        const waiting = after.tasks.filter(
          ({ ServiceID, Status, DesiredState }) =>
            ServiceID === id && Status.State === 'pending' && DesiredState === 'running',
        );
        expect(waiting).toHaveLength(preview.waits.length);
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
        await untilPlaced(id, countsAfter(snapshot, names, id, preview, 'zero1'));
      });
    }

    for (const [what, patch, text] of UPDATES) {
      test(`of an update of ${what}`, async (context) => {
        const { name } = await service(context, {}, 2);
        const before = await untilRunning(client(), name, 2);
        const ids = new Set(before.map(({ ID }) => ID));
        const api = dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
        const { Spec } = await api.inspectService(name);
        expect(effectOf(Spec, patchSpec(Spec, patch))).toMatch(text);
        await api.changeService(name, (spec) => patchSpec(spec, patch));
        const kept = async () =>
          running(await client().tasks(name)).filter(({ ID }) => ids.has(ID)).length;
        const left = text.source.startsWith('^Every') ? 0 : 2;
        await until(async () => (await kept()) === left, `${left} tasks as before`);
        expect(slots(await untilRunning(client(), name, 2))).toEqual([1, 2]);
        await pollFor(2000, async () => {
          expect(await kept()).toBe(left);
        });
      });
    }

    test('of a restart that no node has room for', async (context) => {
      const UpdateConfig = { ...MONITOR.UpdateConfig, Order: 'start-first' };
      const { name, id } = await service(context, { Placement: { MaxReplicas: 1 } }, 5);
      await client().update('services', name, (spec) => void Object.assign(spec, { UpdateConfig }));
      const before = new Set((await untilRunning(client(), name, 5)).map(({ ID }) => ID));
      const { snapshot, names } = await present();
      const { moves, waits, text } = restartPreview(snapshot, names, id);
      expect([moves.length, waits.length]).toEqual([0, 1]);
      expect(text).toContain('goes no further: 4 tasks stay as before.');
      await force(name);
      const tasks = await until(async () => {
        const all = await client().tasks(name);
        return all.some(({ Status }) => Status.State === 'pending') && all;
      }, 'the first new task waits');
      expect(tasks.filter(({ ID }) => !before.has(ID))).toHaveLength(1);
      await pollFor(2000, async () => {
        const kept = running(await client().tasks(name)).filter(({ ID }) => before.has(ID));
        expect(kept).toHaveLength(5);
      });
    });

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
      await force(name);
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
