import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aSwarmNode,
  aSwarmService,
  aSwarmTask,
  constrained,
  hatNodes,
  hostnames,
  reserving,
} from '@/tests/factories/cluster';
import type { EngineNode, EngineService, EngineTask } from '../engine-json';
import { failuresOf } from '../placement/placement';
import { PlacementPlan } from '../placement/plan';
import {
  activatePreview,
  drainPreview,
  pausePreview,
  removeNodePreview,
  restartPreview,
} from './previews';
import { quorumOf, rolePreview } from './quorum';

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

describe('a drain', () => {
  test('moves the tasks of the node to the nodes with the fewest, and ends global ones', () => {
    const all = swarm(
      hatNodes(),
      [agent, goweb],
      [...running(goweb, 'zero1', 'zero2', 'zero1'), globalTask('zero1'), globalTask('ctrl')],
    );
    const preview = drainPreview(...all, 'id-zero1');
    expect(preview.moves).toEqual([
      { task: 'goweb.1', from: 'zero1', to: 'zero3' },
      { task: 'goweb.3', from: 'zero1', to: 'zero4' },
    ]);
    expect(preview.stops).toEqual(['agent']);
    expect(preview.text).toBe(
      'Draining zero1 moves 2 tasks: goweb.1 to zero3 and goweb.3 to zero4. Ends there: agent, which runs on every node.',
    );
  });

  test('names the tasks that no other node can take, with why', () => {
    const big = aSwarmService('big', reserving(400));
    const all = swarm(
      hatNodes({ ctrl: { Spec: { Availability: 'drain' } } }),
      [big],
      running(big, 'zero1', 'zero2', 'zero3', 'zero4'),
    );
    const preview = drainPreview(...all, 'id-zero4');
    expect(preview.moves).toEqual([]);
    expect(preview.waits).toEqual([
      { task: 'big.4', why: expect.stringContaining('400 MiB of free memory') },
    ]);
    expect(preview.text).toMatch(/^big\.4 would wait: big needs 400 MiB of free memory/);
  });

  test('counts what it has moved already', () => {
    const big = aSwarmService('big', reserving(300));
    const nodes = [aSwarmNode('zero1'), aSwarmNode('zero2')];
    const all = swarm(nodes, [big], running(big, 'zero1', 'zero1'));
    const { moves, waits } = drainPreview(...all, 'id-zero1');
    expect([moves.length, waits.length]).toEqual([1, 1]);
  });

  test('of an empty node moves nothing', () => {
    expect(drainPreview(...swarm(hatNodes(), [], []), 'id-zero1').text).toBe(
      'Nothing runs on zero1.',
    );
  });

  test('leaves out what is to stop already, and tasks of unknown services', () => {
    const leaving = aSwarmTask(goweb, { node: 'zero1', DesiredState: 'shutdown' });
    const orphan = aSwarmTask(aSwarmService('gone'), { node: 'zero1' });
    const all = swarm(hatNodes(), [goweb], [leaving, orphan]);
    expect(drainPreview(...all, 'id-zero1').moves).toEqual([]);
  });
});

test('a large swarm does not hold up the server', () => {
  const nodes = Array.from({ length: 1000 }, (_, at) => aSwarmNode(`n${at}`));
  const tasks = Array.from({ length: 4000 }, (_, at) =>
    aSwarmTask(goweb, { node: `n${at % 10}`, Slot: at + 1 }),
  );
  const all = swarm(nodes, [goweb], tasks);
  const began = process.cpuUsage();
  expect(drainPreview(...all, 'id-n1')).toMatchObject({
    moves: expect.objectContaining({ length: 100 }),
    text: expect.stringContaining('Moves 300 more tasks.'),
  });
  expect(restartPreview(...all, goweb.ID).text).toBe(
    'Replaces 4000 tasks of goweb; where so many would run is not computed.',
  );
  // Generous: it takes a tenth of it (µs).
  expect(process.cpuUsage(began).user).toBeLessThan(5_000_000);
});

test('a pause keeps what runs', () => {
  const all = swarm(hatNodes(), [goweb], running(goweb, 'zero1'));
  expect(pausePreview(...all, 'id-zero1').text).toBe(
    '1 task keeps running there. zero1 takes no new tasks.',
  );
  expect(pausePreview(...all, 'id-zero2').text).toBe('zero2 takes no new tasks.');
});

test('an activation starts global services and what waits for the node', () => {
  const pinned = aSwarmService('pinned', constrained('node.hostname==zero1'));
  const all = swarm(
    hatNodes({ zero1: { Spec: { Availability: 'drain' } } }),
    [agent, goweb, pinned],
    [
      ...running(goweb, 'zero2'),
      aSwarmTask(pinned, { reason: 'no suitable node' }),
      globalTask('ctrl'),
    ],
  );
  const preview = activatePreview(...all, 'id-zero1');
  expect(preview.starts.map(({ task }) => task)).toEqual(['agent on zero1', 'pinned.1']);
  expect(preview.text).toBe(
    'zero1 takes new tasks again; swarm moves none there by itself. Starts there: agent on zero1 and pinned.1.',
  );
});

describe('a restart', () => {
  test('spreads a service over nodes that have come back', () => {
    const all = swarm(
      hatNodes(),
      [goweb],
      running(goweb, 'ctrl', 'ctrl', 'zero1', 'zero1', 'zero1'),
    );
    const preview = restartPreview(...all, goweb.ID);
    expect(preview.text).toBe(
      'Replaces 5 tasks of goweb, one at a time. Tasks per node: ctrl 2 → 1, zero1 3 → 1, zero2 0 → 1, zero3 0 → 1 and zero4 0 → 1.',
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
    expect(preview.waits.map(({ task }) => task)).toEqual(['big.1', 'big.2']);
    expect(preview.text).toMatch(
      /^Replaces 2 tasks of big, one at a time\. big\.1 and big\.2 would wait: big needs node\.labels\.a==b/,
    );
  });

  test('of a service that is spread evenly moves none to another number', () => {
    const all = swarm(
      hatNodes(),
      [goweb],
      running(goweb, 'ctrl', 'zero1', 'zero2', 'zero3', 'zero4'),
    );
    expect(restartPreview(...all, goweb.ID).text).toBe(
      'Replaces 5 tasks of goweb, one at a time. Each node keeps as many as it has.',
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

describe('the removal of a node', () => {
  const nodes = hatNodes({ zero4: { Status: { State: 'down' } } });
  const all = swarm(nodes, [goweb], running(goweb, 'zero4'));
  test.each([
    ['id-ctrl', 'ctrl is a manager: demote it first.'],
    [
      'id-zero1',
      'zero1 is not down: drain it and stop its engine, or run `docker swarm leave` on it.',
    ],
  ])('%s is refused', (id, refused) => {
    expect(removeNodePreview(...all, id)).toMatchObject({ refused, text: refused });
  });

  test('of a node that is gone already', () => {
    expect(removeNodePreview(...all, 'id-gone').text).toBe('id-gone is no part of the swarm.');
  });

  test('forgets the tasks of a node that is down', () => {
    expect(removeNodePreview(...all, 'id-zero4')).toMatchObject({
      refused: null,
      text: 'zero4 leaves the swarm; to come back it has to join again. 1 task whose state is unknown is forgotten with it.',
    });
  });
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

describe('the quorum', () => {
  const manager = (name: string, reachable = true) =>
    aSwarmNode(name, {
      Spec: { Role: 'manager' },
      ManagerStatus: {
        Leader: false,
        Reachability: reachable ? 'reachable' : 'unreachable',
        Addr: '',
      },
    });
  const names = new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [`id-${name}`, name]));
  const workers = ['d', 'e'].map((name) => aSwarmNode(name));

  test.each([
    [
      [manager('a')],
      'd',
      'manager',
      '2 managers: none of them may fail. An odd number is better: 1 would tolerate as many losses.',
    ],
    [[manager('a'), manager('b')], 'd', 'manager', '3 managers: 1 of them may fail.'],
    [
      [manager('a'), manager('b'), manager('c')],
      'c',
      'worker',
      '2 managers: none of them may fail. An odd number is better: 1 would tolerate as many losses.',
    ],
    [[manager('a'), manager('b')], 'b', 'worker', '1 manager: without it nothing can be changed.'],
    [[manager('a')], 'a', 'worker', 'a is the last manager: promote another node first.'],
    [
      [manager('a'), manager('b', false)],
      'a',
      'worker',
      'Without a too few managers are reachable: 0 of 1, and 1 are needed.',
    ],
    [
      [manager('a'), manager('b', false)],
      'd',
      'manager',
      '3 managers (1 cannot be reached now): none of them may fail.',
    ],
    [
      [manager('a'), manager('b', false), manager('c', false)],
      'd',
      'manager',
      '4 managers, of which 2 can be reached: 3 are needed for any change. An odd number is better: 3 would tolerate as many losses.',
    ],
  ] as const)('after a change of role: %#', (managers, id, role, text) => {
    const nodes = [...managers, ...workers];
    expect(rolePreview(nodes, names, `id-${id}`, role).text).toBe(text);
  });

  test('tolerates the loss of fewer than half', () => {
    for (let count = 1; count <= 9; count++) {
      const nodes = Array.from({ length: count }, (_, at) => manager(`m${at}`));
      expect(quorumOf(nodes)).toEqual({
        managers: count,
        reachable: count,
        needed: Math.floor(count / 2) + 1,
        tolerated: Math.ceil(count / 2) - 1,
      });
    }
  });
});
