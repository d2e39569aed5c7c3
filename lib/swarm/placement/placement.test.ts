import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aCluster,
  aSwarmNode,
  aSwarmService,
  aSwarmTask,
  constrained,
  hatNodes,
  reserving,
} from '@/tests/factories/cluster';
import { satisfies } from './constraints';
import { taskSchema, type EngineTask } from '../engine-json';
import { failuresOf, type Cluster } from './placement';

const MIB = 2 ** 20;

/** The filters that fail, by node name. */
function failing(task: EngineTask, cluster: Cluster): Record<string, string[]> {
  return Object.fromEntries(
    cluster.loads.map((load) => [
      load.name,
      failuresOf(task, load, cluster).map(({ filter }) => filter),
    ]),
  );
}

describe('each filter', () => {
  test('nodes that take no tasks', () => {
    const nodes = hatNodes({
      ctrl: { Spec: { Availability: 'drain' } },
      zero1: { Spec: { Availability: 'pause' } },
      zero2: { Status: { State: 'down' } },
      zero3: { Status: { State: 'disconnected' } },
    });
    const goweb = aSwarmService('goweb');
    const cluster = aCluster(nodes, [goweb]);
    const whys = cluster.loads.map((load) => failuresOf(aSwarmTask(goweb), load, cluster)[0]);
    expect(whys).toEqual([
      { filter: 'ready', why: 'drain' },
      { filter: 'ready', why: 'pause' },
      { filter: 'ready', why: 'down' },
      { filter: 'ready', why: 'unready' },
      undefined,
    ]);
  });

  test.each<[EngineTask['Status']['State'], EngineTask['DesiredState'], boolean]>([
    ['assigned', 'running', true],
    ['running', 'running', true],
    // Swarm stops it, but it still runs: its memory is not free.
    ['running', 'shutdown', true],
    ['running', 'remove', true],
    ['failed', 'shutdown', false],
    ['complete', 'complete', false],
    ['pending', 'running', false],
  ])('a %s task (desired %s) holds its memory: %s', (State, DesiredState, holds) => {
    const db = aSwarmService('db', reserving(400));
    const goweb = aSwarmService('goweb', reserving(100));
    const task = aSwarmTask(db, { node: 'zero1', DesiredState });
    task.Status.State = State;
    const cluster = aCluster([aSwarmNode('zero1')], [db, goweb], [task]);
    expect(failing(aSwarmTask(goweb), cluster)).toEqual({ zero1: holds ? ['resources'] : [] });
  });

  test('reports what is short: memory, fractions of a CPU, generic resources', () => {
    const gpu = (Value: number) => [
      { DiscreteResourceSpec: { Kind: 'gpu', Value }, NamedResourceSpec: undefined },
    ];
    const one = { DiscreteResourceSpec: undefined, NamedResourceSpec: { Kind: 'gpu' } };
    const node = aSwarmNode('zero1', {
      Description: {
        Resources: { NanoCPUs: 1e9, MemoryBytes: 427 * MIB, GenericResources: [one, one] },
      },
    });
    const spec = {
      Resources: {
        Reservations: { NanoCPUs: 0.75e9, MemoryBytes: 512 * MIB, GenericResources: gpu(2) },
      },
    };
    const used = aSwarmService('used', {
      Resources: { Reservations: { NanoCPUs: 0.5e9, MemoryBytes: 0, GenericResources: gpu(1) } },
    });
    const goweb = aSwarmService('goweb', spec);
    const cluster = aCluster([node], [used, goweb], [aSwarmTask(used, { node: 'zero1' })]);
    const [load] = cluster.loads;
    expect(load && failuresOf(aSwarmTask(goweb), load, cluster)).toEqual([
      {
        filter: 'resources',
        short: [
          { resource: 'memory', needs: 512 * MIB, free: 427 * MIB, total: 427 * MIB },
          { resource: 'cpu', needs: 0.75e9, free: 0.5e9, total: 1e9 },
          { resource: '=gpu', needs: 2, free: 1, total: 2 },
        ],
      },
    ]);
  });

  test('plug-ins: volume and log drivers, networks of the task', () => {
    const volume = (Type: string, Name: string) => ({
      ContainerSpec: { Image: '', Mounts: [{ Type, VolumeOptions: { DriverConfig: { Name } } }] },
    });
    const lacks = (spec: EngineTask['Spec'], over: Partial<EngineTask> = {}) => {
      const goweb = aSwarmService('goweb', spec);
      const cluster = aCluster([aSwarmNode('zero1')], [goweb]);
      return failing(aSwarmTask(goweb, over), cluster)['zero1'];
    };
    const network = (Name: string) => ({
      NetworksAttachments: [Name],
    });
    expect(lacks(volume('volume', 'rexray'))).toEqual(['plugin']);
    expect(lacks(volume('volume', 'local'))).toEqual([]);
    expect(lacks(volume('bind', 'rexray'))).toEqual([]);
    expect(lacks({ LogDriver: { Name: 'loki' } })).toEqual(['plugin']);
    expect(lacks({ LogDriver: { Name: 'none' } })).toEqual([]);
    expect(lacks({ LogDriver: { Name: 'json-file' } })).toEqual([]);
    expect(lacks({}, network('weave'))).toEqual(['plugin']);
    expect(lacks({}, network('overlay'))).toEqual([]);
  });

  test('a plug-in is found with the tag :latest, and an old engine lists no log drivers', () => {
    const goweb = aSwarmService('goweb', { LogDriver: { Name: 'loki' } });
    const having = (Plugins: { Type: string; Name: string }[]) =>
      failing(
        aSwarmTask(goweb),
        aCluster(
          [aSwarmNode('zero1', { Description: { Engine: { EngineVersion: '', Plugins } } })],
          [goweb],
        ),
      )['zero1'];
    expect(having([{ Type: 'Log', Name: 'loki:latest' }])).toEqual([]);
    expect(having([{ Type: 'Log', Name: 'loki:2' }])).toEqual(['plugin']);
    expect(having([{ Type: 'Volume', Name: 'local' }])).toEqual([]);
  });

  test('ports in host mode, and replicas per node', () => {
    const web = aSwarmService('web', {}, { hostPort: 8080 });
    const other = aSwarmService('other', {}, { hostPort: 8080 });
    const limited = aSwarmService('limited', { Placement: { MaxReplicas: 2 } });
    const tasks = [
      aSwarmTask(web, { node: 'zero1' }),
      aSwarmTask(limited, { node: 'zero1', Slot: 1 }),
      aSwarmTask(limited, { node: 'zero1', Slot: 2 }),
      aSwarmTask(limited, { node: 'zero2', Slot: 3 }),
      // It is to stop: it does not count, although it still runs.
      aSwarmTask(limited, { node: 'zero2', Slot: 4, DesiredState: 'shutdown' }),
    ];
    const cluster = aCluster(hatNodes(), [web, other, limited], tasks);
    expect(failing(aSwarmTask(other), cluster)).toEqual({
      ctrl: [],
      zero1: ['host-port'],
      zero2: [],
      zero3: [],
      zero4: [],
    });
    expect(failing(aSwarmTask(limited), cluster)).toMatchObject({
      zero1: ['max-replicas'],
      zero2: [],
    });
  });
});

test('all failures of a node, in the order of swarm’s filters', () => {
  const spec = {
    ...reserving(512),
    LogDriver: { Name: 'loki' },
    Placement: {
      Constraints: ['node.labels.a==b'],
      Platforms: [{ OS: 'linux', Architecture: 'amd64' }],
      MaxReplicas: 1,
    },
  };
  const goweb = aSwarmService('goweb', spec, { hostPort: 80 });
  const node = aSwarmNode('zero1', { Spec: { Availability: 'drain' } });
  const cluster = aCluster([node], [goweb], [aSwarmTask(goweb, { node: 'zero1' })]);
  expect(failing(aSwarmTask(goweb), cluster)['zero1']).toEqual([
    'ready',
    'resources',
    'plugin',
    'constraints',
    'platform',
    'host-port',
    'max-replicas',
  ]);
});

test('a command names a node by its hostname only where no other has it', () => {
  const twins = [
    aSwarmNode('raspberrypi', { ID: 'abc' }),
    aSwarmNode('raspberrypi', { ID: 'def' }),
    aSwarmNode('ctrl'),
    aSwarmNode('x'.repeat(100), { ID: 'long' }),
  ];
  expect(aCluster(twins, []).loads.map(({ ref }) => ref)).toEqual(['abc', 'def', 'ctrl', 'long']);
});

test('what is free and what is reserved is what the node has', () => {
  const services = [aSwarmService('a', reserving(10, 0.1)), aSwarmService('b', reserving(50))];
  const placed = fc.array(
    fc.record({ service: fc.constantFrom(...services), node: fc.constantFrom('ctrl', 'zero1') }),
  );
  fc.assert(
    fc.property(placed, (all) => {
      const tasks = all.map(({ service, node }, Slot) => aSwarmTask(service, { node, Slot }));
      for (const { free, total, reserved } of aCluster(hatNodes(), services, tasks).loads) {
        for (const [resource, amount] of total) {
          const held = [...(reserved.get(resource)?.values() ?? [])];
          const sum = held.reduce((a, b) => a + b, 0);
          expect(free.get(resource)).toBe(amount - sum);
        }
      }
    }),
  );
});

test('constraints that cannot be parsed exclude no node', () => {
  const goweb = aSwarmService('goweb', constrained('node.role=worker'));
  expect(failing(aSwarmTask(goweb), aCluster(hatNodes(), [goweb]))['zero1']).toEqual([]);
});

test('a constraint that could not be read excludes no node for certain', () => {
  const goweb = aSwarmService('goweb', constrained('', 'node.role==manager'));
  const cluster = aCluster(hatNodes(), [goweb]);
  expect(failing(aSwarmTask(goweb), cluster)).toMatchObject({ ctrl: [], zero1: ['constraints'] });
  expect(satisfies([''], hatNodes()[0] ?? aSwarmNode('ctrl'))).toBe(false);
});

test.each<[unknown, string[]]>([
  [[{ Network: { DriverState: { Name: 'overlay' } } }, { Network: null }, null, 7], ['overlay']],
  [[{ Network: { DriverState: { Name: 5 } } }], []],
  ['overlay', []],
  [null, []],
])('the drivers of a task’s networks are read from %j', (attachments, drivers) => {
  expect(taskSchema.shape.NetworksAttachments.parse(attachments)).toEqual(drivers);
});
