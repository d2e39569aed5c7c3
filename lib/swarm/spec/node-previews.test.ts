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
import type { NodePatch } from './node-form';
import { nodePreview, removeNodePreview } from './node-previews';

/** A service with a task on each of these nodes, in this order. */
function running(service: EngineService, ...nodes: string[]): EngineTask[] {
  return nodes.map((node, at) => aSwarmTask(service, { node, Slot: at + 1 }));
}

function swarm(nodes: EngineNode[], services: EngineService[], tasks: EngineTask[]) {
  return [{ nodes, services, tasks }, hostnames(nodes)] as const;
}

const becomes =
  (availability: NonNullable<NodePatch['availability']>) =>
  (...[all, names, id]: [...ReturnType<typeof swarm>, string]) =>
    nodePreview(all, names, id, { availability });
const drainPreview = becomes('drain');
const pausePreview = becomes('pause');
const activatePreview = becomes('active');

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
      'Draining zero1 moves 2 tasks, for example goweb.1 to zero3 and goweb.3 to zero4. Swarm chooses. Ends there: agent. A task of a global service moves to no other node.',
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
    'zero1 takes new tasks again; running tasks stay where they are. Starts there: agent on zero1 and pinned.1.',
  );
});

describe('the removal of a node', () => {
  const nodes = hatNodes({
    zero4: { Status: { State: 'down' }, Spec: { Labels: { rack: 'a' } } },
  });
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

  test.each(['disconnected', 'unknown'] as const)(
    'of a node that is %s, as swarm allows',
    (State) => {
      const away = swarm(hatNodes({ zero4: { Status: { State } } }), [], []);
      expect(removeNodePreview(...away, 'id-zero4')).toMatchObject({
        refused: null,
        text: `zero4 is ${State}: it may be back by itself in a moment. zero4 leaves the swarm; to come back it has to join again.`,
      });
    },
  );

  test('of a manager that is no member of the managers’ group', () => {
    const promoted = hatNodes({
      zero4: { Status: { State: 'down' }, Spec: { Role: 'manager' }, ManagerStatus: null },
    });
    expect(removeNodePreview(...swarm(promoted, [], []), 'id-zero4').refused).toBeNull();
  });

  test('of a node that is gone already', () => {
    expect(removeNodePreview(...all, 'id-gone').text).toBe('id-gone is no part of the swarm.');
  });

  test('forgets the tasks of a node that is down', () => {
    expect(removeNodePreview(...all, 'id-zero4')).toMatchObject({
      refused: null,
      text: 'zero4 leaves the swarm; to come back it has to join again. 1 task whose state is unknown is forgotten with it. 1 label of it will be lost: rack.',
    });
  });
});

describe('a drain of the last node that a rule allows', () => {
  const pinned = aSwarmService('pinned', constrained('node.labels.disk==ssd'));
  const nodes = hatNodes({ zero1: { Spec: { Labels: { disk: 'ssd' } } } });

  test('names the rule, and what another node needs', () => {
    const all = swarm(nodes, [pinned], running(pinned, 'zero1'));
    expect(drainPreview(...all, 'id-zero1').text).toBe(
      'pinned.1 would wait: pinned needs node.labels.disk==ssd; no other node has it: `docker node update --label-add disk=ssd zero2`.',
    );
  });

  test('says that there is no other node', () => {
    const all = swarm([aSwarmNode('ctrl')], [goweb], running(goweb, 'ctrl'));
    expect(drainPreview(...all, 'id-ctrl').text).toBe(
      'ctrl stays a manager. goweb.1 would wait: no other node can take it.',
    );
  });

  test('does not advise to undo it', () => {
    const all = swarm(
      hatNodes({ ctrl: { Spec: { Availability: 'drain' } } }).slice(0, 2),
      [goweb],
      running(goweb, 'zero1'),
    );
    expect(drainPreview(...all, 'id-zero1').text).toBe(
      'goweb.1 would wait: ctrl is drained: `docker node update --availability active ctrl`.',
    );
  });
});

describe('labels and roles', () => {
  const pinned = aSwarmService('pinned', constrained('node.labels.disk==ssd'));
  const ssd = { Spec: { Labels: { disk: 'ssd' } } };

  test('a removed label moves the tasks that need it to other nodes that have it', () => {
    const all = swarm(hatNodes({ zero1: ssd, zero2: ssd }), [pinned], running(pinned, 'zero1'));
    const preview = nodePreview(...all, 'id-zero1', { labels: { disk: null } });
    expect(preview.moves).toEqual([{ task: 'pinned.1', from: 'zero1', to: 'zero2' }]);
    expect(preview.text).toBe('Moves 1 task, for example pinned.1 to zero2. Swarm chooses.');
    expect(nodePreview(...all, 'id-zero1', { labels: { other: '1' } }).text).toBe('');
  });

  test('a paused or drained node is left alone', () => {
    for (const Availability of ['pause', 'drain'] as const) {
      const nodes = hatNodes({ zero1: { Spec: { Labels: { disk: 'ssd' }, Availability } } });
      const all = swarm(nodes, [pinned], Availability === 'pause' ? running(pinned, 'zero1') : []);
      expect(nodePreview(...all, 'id-zero1', { labels: { disk: null } }).text).toBe('');
    }
  });

  test('an activation rejects what no longer satisfies its constraints', () => {
    const nodes = hatNodes({ zero1: { Spec: { Availability: 'pause' } }, zero2: ssd });
    const all = swarm(nodes, [pinned], running(pinned, 'zero1'));
    expect(activatePreview(...all, 'id-zero1').moves).toEqual([
      { task: 'pinned.1', from: 'zero1', to: 'zero2' },
    ]);
  });

  test('an added label starts what waits for it, and nothing else that waits', () => {
    const other = aSwarmService('other', constrained('node.labels.rack==1'));
    const all = swarm(
      hatNodes(),
      [pinned, other],
      [aSwarmTask(pinned, { reason: 'no suitable node' }), aSwarmTask(other, { reason: 'none' })],
    );
    const preview = nodePreview(...all, 'id-zero1', { labels: { disk: 'ssd' } });
    expect(preview.starts).toEqual([{ task: 'pinned.1', from: null, to: 'zero1' }]);
    expect(preview.text).toBe('Starts there: pinned.1.');
    expect(nodePreview(...all, 'id-zero1', { labels: { disk: 'hdd' } }).starts).toEqual([]);
  });

  test('a label starts and ends the task of a global service', () => {
    const service = aSwarmService('pinned', constrained('node.labels.disk==ssd'));
    service.Spec.Mode = { Global: {} };
    const { Slot: _, ...task } = aSwarmTask(service, { node: 'zero1' });
    const all = swarm(hatNodes({ zero1: ssd }), [service], [task]);
    expect(nodePreview(...all, 'id-zero1', { labels: { disk: 'hdd' } }).text).toBe(
      'Ends there: pinned.',
    );
    expect(nodePreview(...all, 'id-zero2', { labels: { disk: 'SSD' } }).text).toBe(
      'Starts there: pinned on zero2.',
    );
  });

  test('a demotion moves what runs on managers only', () => {
    const managers = aSwarmService('managers', constrained('node.role==manager'));
    const nodes = hatNodes({ zero1: { Spec: { Role: 'manager' } } });
    const all = swarm(nodes, [managers], running(managers, 'zero1'));
    expect(nodePreview(...all, 'id-zero1', { role: 'worker' }).text).toBe(
      'Moves 1 task, for example managers.1 to ctrl. Swarm chooses.',
    );
  });

  test('a constraint that cannot be read moves nothing', () => {
    const odd = aSwarmService('odd', constrained(''));
    const all = swarm(hatNodes({ zero1: ssd }), [odd], running(odd, 'zero1'));
    expect(nodePreview(...all, 'id-zero1', { labels: { disk: null } }).moves).toEqual([]);
  });
});

describe('an activation', () => {
  const drained = hatNodes({ zero1: { Spec: { Availability: 'drain' } } });

  test('offers to spread services that another node has several tasks of', () => {
    const job = aSwarmService('job');
    job.Spec.Mode = { ReplicatedJob: { TotalCompletions: 2 } };
    const small = aSwarmService('small');
    const all = swarm(
      drained,
      [goweb, job, small],
      [
        ...running(goweb, 'ctrl', 'ctrl', 'zero2', 'zero3', 'zero4'),
        ...running(job, 'ctrl', 'ctrl'),
        ...running(small, 'ctrl', 'zero2'),
      ],
    );
    const preview = activatePreview(...all, 'id-zero1');
    expect(preview.rebalance).toEqual([
      {
        id: 'id-goweb',
        service: 'goweb',
        text: 'zero1 has no task of goweb, and ctrl has 2: a restart spreads them.',
      },
    ]);
    expect(preview.text).toBe(
      'zero1 takes new tasks again; running tasks stay where they are. A restart spreads goweb anew.',
    );
  });

  test('of a node that is down, or of one that is active', () => {
    const down = hatNodes({
      zero1: { Spec: { Availability: 'drain' }, Status: { State: 'down' } },
    });
    expect(activatePreview(...swarm(down, [goweb], []), 'id-zero1').text).toBe(
      'zero1 is down: it takes new tasks when it is ready again.',
    );
    expect(activatePreview(...swarm(hatNodes(), [goweb], []), 'id-zero1').text).toBe(
      'zero1 is active already.',
    );
  });
});

describe('the dashboard itself', () => {
  const dashboard = aSwarmService('dashboard', constrained('node.role==manager'));
  const own = {
    nodeId: 'id-ctrl',
    isTask: ({ ServiceID }: EngineTask) => ServiceID === dashboard.ID,
  };
  const tasks = running(dashboard, 'ctrl');

  test('moves with a drain', () => {
    const nodes = hatNodes({ zero1: { Spec: { Role: 'manager' } } });
    const all = swarm(nodes, [dashboard], tasks);
    expect(nodePreview(...all, 'id-ctrl', { availability: 'drain' }, own).warnings).toEqual([
      'This dashboard itself runs on ctrl, as dashboard.1: it starts again on another node, for example zero1, and this page waits for it.',
    ]);
    expect(nodePreview(...all, 'id-zero1', { availability: 'drain' }, own).warnings).toEqual([]);
  });

  test('ends with a drain of the only manager', () => {
    const all = swarm(hatNodes(), [dashboard], tasks);
    const { warnings, text } = nodePreview(...all, 'id-ctrl', { availability: 'drain' }, own);
    expect(warnings).toEqual([
      'This dashboard itself runs on ctrl, as dashboard.1, and ends there; no other node can take it. To bring it back, run `docker node update --availability active id-ctrl` on a manager.',
    ]);
    expect(text).toContain(warnings[0]);
    expect(nodePreview(...all, 'id-ctrl', { availability: 'pause' }, own).warnings).toEqual([]);
  });

  test('stays where it is no task', () => {
    const all = swarm(hatNodes(), [goweb], running(goweb, 'ctrl'));
    expect(nodePreview(...all, 'id-ctrl', { availability: 'drain' }, own).warnings).toEqual([
      'This dashboard runs on ctrl outside the swarm, so it stays there.',
    ]);
  });
});

test('a choice ends what a failure drill would restore', () => {
  const nodes = hatNodes({
    zero1: { Spec: { Availability: 'drain', Labels: { 'clusterhat.drill.was': 'active' } } },
  });
  const all = swarm(nodes, [goweb], []);
  const words =
    'A failure drill drained zero1 and would make it active again; this change ends that.';
  for (const preview of [drainPreview, pausePreview, activatePreview]) {
    expect(preview(...all, 'id-zero1').warnings).toEqual([words]);
  }
  expect(nodePreview(...all, 'id-zero1', { labels: { a: 'b' } }).warnings).toEqual([]);
});

test('a node that is gone', () => {
  expect(drainPreview(...swarm(hatNodes(), [], []), 'id-gone').text).toBe(
    'id-gone is no part of the swarm.',
  );
});

test('what leaves is moved, waits or ends: none is lost, and none is said twice', () => {
  const names = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'] as const;
  const label = fc.constantFrom<string | null>('ssd', 'hdd', null);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom(...names), fc.boolean(), fc.boolean()), { maxLength: 12 }),
      fc.array(fc.constantFrom('active', 'pause', 'drain'), { minLength: 5, maxLength: 5 }),
      fc.option(fc.constantFrom('active', 'pause', 'drain'), { nil: undefined }),
      label,
      fc.boolean(),
      (placed, open, availability, disk, withLabel) => {
        const free = aSwarmService('free', { Placement: { MaxReplicas: 3 } });
        const tied = aSwarmService('tied', constrained('node.labels.disk==ssd'));
        const per = aSwarmService('per', constrained('node.labels.disk==ssd'));
        per.Spec.Mode = { Global: {} };
        const nodes = hatNodes(
          Object.fromEntries(
            names.map((name, at) => [
              name,
              { Spec: { Availability: open[at] ?? 'active', Labels: { disk: 'ssd' } } },
            ]),
          ),
        );
        const tasks = placed.map(([node, isTied, isPer], at) => {
          const service = isPer ? per : isTied ? tied : free;
          return { ...aSwarmTask(service, { node, Slot: at + 1 }), ID: `task-${at}` };
        });
        const patch: NodePatch = {
          ...(availability !== undefined && { availability }),
          ...(withLabel && { labels: { disk } }),
        };
        const preview = nodePreview(...swarm(nodes, [free, tied, per], tasks), 'id-zero1', patch);
        const after = availability ?? open[1];
        const there = tasks.filter(({ NodeID }) => NodeID === 'id-zero1');
        const ends = there.filter(
          ({ ServiceID }) =>
            after === 'drain' ||
            (after === 'active' && withLabel && disk !== 'ssd' && ServiceID !== free.ID),
        );
        const { moves, waits, stops } = preview;
        expect(moves.length + waits.length + stops.length).toBe(ends.length);
        for (const { from, to } of moves) {
          expect(from).toBe('zero1');
          expect(open[names.indexOf(to as (typeof names)[number])]).toBe('active');
          expect(to).not.toBe('zero1');
        }
      },
    ),
  );
});
