import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aSwarmNode,
  aSwarmService,
  aSwarmTask,
  hatNodes,
  hostnames,
  reserving,
} from '@/tests/factories/cluster';
import type { EngineNode, EngineService, EngineTask } from '../engine-json';
import { failuresOf } from '../placement/placement';
import { PlacementPlan } from '../placement/plan';
import { restartPreview } from './previews';

/** A service with a task on each of these nodes, in this order. */
function running(service: EngineService, ...nodes: string[]): EngineTask[] {
  return nodes.map((node, at) => aSwarmTask(service, { node, Slot: at + 1 }));
}

function swarm(nodes: EngineNode[], services: EngineService[], tasks: EngineTask[]) {
  return [{ nodes, services, tasks }, hostnames(nodes)] as const;
}

const goweb = aSwarmService('goweb');
const agent = aSwarmService('agent');
agent.Spec.Mode = { Global: {} };
const globalTask = (node: string) => {
  const { Slot: _, ...task } = aSwarmTask(agent, { node });
  return { ...task, ID: `agent-${node}` };
};

describe('a restart', () => {
  test('spreads a service over nodes that have come back', () => {
    const all = swarm(
      hatNodes(),
      [goweb],
      running(goweb, 'ctrl', 'ctrl', 'zero1', 'zero1', 'zero1'),
    );
    const preview = restartPreview(...all, goweb.ID);
    expect(preview.text).toBe(
      'Replaces 5 tasks of goweb, one at a time. A task that is being replaced does not answer. Tasks per node, for example: ctrl 2 → 1, zero1 3 → 1, zero2 0 → 1, zero3 0 → 1 and zero4 0 → 1. Swarm chooses. If a new task fails within 5s, swarm pauses the update.',
    );
  });

  test('replaces as many tasks at a time as the update policy allows', () => {
    const service = aSwarmService('goweb');
    service.Spec.UpdateConfig = { Parallelism: 0 };
    const tasks = running(service, 'ctrl', 'ctrl', 'zero1').map((task) => ({
      ...task,
      NetworksAttachments: ['overlay'],
    }));
    const all = swarm(hatNodes(), [service], tasks);
    expect(restartPreview(...all, service.ID).moves).toHaveLength(3);
    expect(restartPreview(...all, service.ID).text).toContain('3 tasks of goweb, all at once.');
    service.Spec.UpdateConfig = { Parallelism: 2 };
    expect(restartPreview(...all, service.ID).text).toContain('3 tasks of goweb, 2 at a time.');
    service.Spec.UpdateConfig = {};
    expect(restartPreview(...all, service.ID).moves).toHaveLength(3);
  });

  test('names the tasks that no node can take', () => {
    const big = aSwarmService('big', { Placement: { Constraints: ['node.labels.a==b'] } });
    const all = swarm(hatNodes(), [big], running(big, 'zero1', 'zero2'));
    const preview = restartPreview(...all, big.ID);
    expect(preview.waits.map(({ task }) => task)).toEqual(['big.1']);
    expect(preview.text).toMatch(
      /^Replaces 2 tasks of big, one at a time\. .* big\.1 would wait: big needs node\.labels\.a==b.* Until then the restart goes no further: 1 task stays as before\. If a new task fails/,
    );
    big.Spec.UpdateConfig = { Parallelism: 0 };
    const together = restartPreview(...all, big.ID);
    expect(together.waits.map(({ task }) => task)).toEqual(['big.1', 'big.2']);
    expect(together.text).not.toContain('goes no further');
  });

  test('that starts new tasks first places them beside the old ones', () => {
    const service = aSwarmService('goweb');
    service.Spec.UpdateConfig = { Order: 'start-first' };
    const all = swarm(hatNodes(), [service], running(service, 'ctrl', 'zero1', 'zero2'));
    const preview = restartPreview(...all, service.ID);
    expect(preview.moves[0]).toEqual({ task: 'goweb.1', from: 'ctrl', to: 'zero3' });
    expect(preview.text).toContain('Each new task starts before the old one stops.');
    expect(preview.text).not.toContain('does not answer');
  });

  test('that starts new tasks first needs room for one more', () => {
    const service = aSwarmService('goweb', { Placement: { MaxReplicas: 1 } });
    service.Spec.UpdateConfig = { Order: 'start-first', Parallelism: 2 };
    const nodes = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
    const full = swarm(hatNodes(), [service], running(service, ...nodes));
    expect(restartPreview(...full, service.ID)).toMatchObject({
      moves: [],
      waits: [{ task: 'goweb.1' }, { task: 'goweb.2' }],
      text: expect.stringContaining('goes no further: 3 tasks stay as before.'),
    });
    // One worker waits, the other one goes on.
    const oneLeft = swarm(hatNodes(), [service], running(service, ...nodes.slice(1)));
    const { moves, waits } = restartPreview(...oneLeft, service.ID);
    expect(waits.map(({ task }) => task)).toEqual(['goweb.2']);
    expect(moves.map(({ task, to }) => [task, to])).toEqual([
      ['goweb.1', 'ctrl'],
      ['goweb.3', 'zero1'],
      ['goweb.4', 'zero3'],
    ]);
    service.Spec.UpdateConfig = { Parallelism: 2 };
    expect(restartPreview(...full, service.ID).waits).toEqual([]);
  });

  test('of a service that is spread evenly moves none to another number', () => {
    const all = swarm(
      hatNodes(),
      [goweb],
      running(goweb, 'ctrl', 'zero1', 'zero2', 'zero3', 'zero4'),
    );
    expect(restartPreview(...all, goweb.ID).text).toBe(
      'Replaces 5 tasks of goweb, one at a time. A task that is being replaced does not answer. Each node can keep as many as it has. Swarm chooses. If a new task fails within 5s, swarm pauses the update.',
    );
  });

  test('of a job starts it again', () => {
    const job = aSwarmService('job');
    job.Spec.Mode = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 5 } };
    expect(restartPreview(...swarm(hatNodes(), [job], []), job.ID)).toMatchObject({
      text: 'job is a job: it starts again from the beginning.',
      moves: [],
    });
    const busy = swarm(hatNodes(), [job], running(job, 'zero1', 'zero2'));
    expect(restartPreview(...busy, job.ID).text).toContain('Ends now: 2 tasks of its last start.');
  });

  test('of a global service stays on its nodes', () => {
    const all = swarm(hatNodes(), [agent], [globalTask('zero1'), globalTask('ctrl')]);
    expect(restartPreview(...all, agent.ID).moves).toHaveLength(2);
  });

  test('spreads over the labels of engines, too', () => {
    const zoned = aSwarmService('zoned', {
      Placement: { Preferences: [{ Spread: { SpreadDescriptor: 'engine.labels.a' } }, {}] },
    });
    const labelled = (a: string) => ({
      Description: { Engine: { EngineVersion: '', Labels: { a }, Plugins: undefined } },
    });
    const nodes = hatNodes({ ctrl: labelled('1'), zero1: labelled('2') });
    const all = swarm(nodes, [zoned], running(zoned, 'zero3', 'zero3', 'zero3'));
    expect(new Set(restartPreview(...all, zoned.ID).moves.map(({ to }) => to)).size).toBe(3);
  });

  test('spreads over the values of a label first', () => {
    const zoned = aSwarmService('zoned', {
      Placement: { Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.zone' } }] },
    });
    const zone = (name: string) => ({ Spec: { Labels: { zone: name } } });
    const nodes = hatNodes({
      ctrl: zone('a'),
      zero1: zone('b'),
      zero2: zone('b'),
      zero3: zone('b'),
      zero4: zone('b'),
    });
    const all = swarm(nodes, [zoned], running(zoned, 'zero1', 'zero2', 'zero3', 'zero4'));
    const { moves } = restartPreview(...all, zoned.ID);
    expect(moves.filter(({ to }) => to === 'ctrl')).toHaveLength(2);
  });

  test('says what there is no task of', () => {
    expect(restartPreview(...swarm(hatNodes(), [goweb], []), goweb.ID).text).toBe(
      'No task of goweb runs.',
    );
    expect(restartPreview(...swarm(hatNodes(), [], []), goweb.ID).text).toBe(
      'The service is gone.',
    );
  });
});

test('a large swarm does not hold up the server', () => {
  const nodes = Array.from({ length: 1000 }, (_, at) => aSwarmNode(`n${at}`));
  const tasks = Array.from({ length: 4000 }, (_, at) =>
    aSwarmTask(goweb, { node: `n${at % 10}`, Slot: at + 1 }),
  );
  const all = swarm(nodes, [goweb], tasks);
  const began = process.cpuUsage();
  expect(restartPreview(...all, goweb.ID).text).toBe(
    'Replaces 4000 tasks of goweb; where so many would run is not computed.',
  );
  // Generous: it takes a tenth of it (µs).
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
});

test('a plan places a task exactly where no filter fails, on a node with the fewest of its service', () => {
  const node = fc.constantFrom('ctrl', 'zero1', 'zero2', 'zero3', 'zero4');
  fc.assert(
    fc.property(
      fc.array(node, { maxLength: 12 }),
      fc.array(node, { maxLength: 3 }),
      fc.constantFrom(0, 100, 300),
      fc.nat({ max: 3 }),
      (placed, drained, mib, max) => {
        const service = aSwarmService('a', { ...reserving(mib), Placement: { MaxReplicas: max } });
        const nodes = hatNodes(
          Object.fromEntries(drained.map((name) => [name, { Spec: { Availability: 'drain' } }])),
        );
        const plan = new PlacementPlan(
          { nodes, services: [service], tasks: running(service, ...placed) },
          hostnames(nodes),
        );
        const next = { ...aSwarmTask(service), ID: 'next' };
        const before = plan.cluster;
        const fit = before.loads.filter((load) => failuresOf(next, load, before).length === 0);
        const counts = fit.map(({ active }) => active.get(service.ID) ?? 0);
        const to = plan.place(next);
        expect(to === null).toBe(fit.length === 0);
        expect(to?.active.get(service.ID) ?? 0).toBe(to ? Math.min(...counts) : 0);
        // Taken off again, everything is as before.
        if (to) plan.remove({ ...next, NodeID: to.node.ID });
        expect(plan.cluster.loads.map(({ free }) => [...free])).toEqual(
          before.loads.map(({ free }) => [...free]),
        );
      },
    ),
  );
});
