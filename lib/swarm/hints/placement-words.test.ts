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
import type { EngineNode, EngineService, EngineTask } from '../engine-json';
import { explainWaiting } from './placement-words';

const NAMES = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
const everyNode = (over: NonNullable<Parameters<typeof aSwarmNode>[1]>) =>
  hatNodes(Object.fromEntries(NAMES.map((name) => [name, over])));

/** Why another task of the first service waits. */
function why(
  services: EngineService[],
  nodes: EngineNode[] = hatNodes(),
  tasks: EngineTask[] = [],
  over: Parameters<typeof aSwarmTask>[1] = {},
) {
  const [service] = services;
  if (!service) throw new Error('no service');
  const task = aSwarmTask(service, { reason: 'no suitable node (…)', Slot: 9, ...over });
  // What can be done is in actions.test.ts.
  const { actions: _, ...hint } = explainWaiting(task, aCluster(nodes, services, tasks)) ?? {};
  return 'text' in hint ? hint : null;
}
const needing = (...constraints: string[]) => [aSwarmService('goweb', constrained(...constraints))];
const onEach = (service: EngineService, firstSlot = 1) =>
  NAMES.map((node, at) => aSwarmTask(service, { node, Slot: firstSlot + at }));

describe('constraints', () => {
  test('name the label that no node has, and give it to a worker', () => {
    expect(why(needing('node.labels.foo == bar'))).toEqual({
      help: 'constraints',
      text: 'goweb needs node.labels.foo==bar; no node has it: `docker node update --label-add foo=bar zero1`.',
    });
  });

  test.each([
    [
      'a label that must not be there',
      ['node.labels.foo!=bar'],
      everyNode({ Spec: { Labels: { foo: 'bar' } } }),
      'goweb needs node.labels.foo!=bar; every node is excluded by it: `docker node update --label-rm foo zero1`.',
    ],
    [
      'a label in another case',
      ['node.labels.foo==bar'],
      hatNodes({ zero1: { Spec: { Labels: { Foo: 'bar' } } } }),
      'goweb needs node.labels.foo==bar; no node has it: `docker node update --label-add foo=bar zero1` (zero1 has Foo: case matters).',
    ],
    [
      'several, of which each node fails others: the node that lacks least',
      ['node.labels.a==b', 'node.labels.c==d', 'node.role==worker'],
      hatNodes({ zero2: { Spec: { Labels: { a: 'b' } } } }),
      'goweb needs node.labels.c==d (no node has it), node.labels.a==b (ctrl, zero1, zero3 and zero4 do not have it) and node.role==worker (ctrl does not meet it): `docker node update --label-add a=b --label-add c=d zero1`.',
    ],
    [
      'a label and a hostname: both commands',
      ['node.labels.a==b', 'node.hostname==zero9'],
      hatNodes(),
      'goweb needs node.labels.a==b (no node has it) and node.hostname==zero9 (no node meets it). The nodes are called ctrl, zero1, zero2, zero3 and zero4: `docker service update --constraint-rm node.hostname==zero9 goweb && docker node update --label-add a=b zero1`.',
    ],
    [
      'a role that there is not',
      ['node.role==manger'],
      hatNodes(),
      'goweb needs node.role==manger; no node meets it. A role is manager or worker: `docker service update --constraint-rm node.role==manger goweb`.',
    ],
    [
      'a hostname that no node has',
      ['node.hostname==zero9'],
      hatNodes(),
      'goweb needs node.hostname==zero9; no node meets it. The nodes are called ctrl, zero1, zero2, zero3 and zero4: `docker service update --constraint-rm node.hostname==zero9 goweb`.',
    ],
    [
      'a role: suggests a change of the service, not of the node',
      ['node.role==manager'],
      hatNodes().slice(1),
      'goweb needs node.role==manager; no node meets it: `docker service update --constraint-rm node.role==manager goweb`.',
    ],
    [
      'a processor',
      ['node.platform.arch==arm64'],
      hatNodes(),
      'goweb needs node.platform.arch==arm64; no node meets it. The nodes report armv6l and armv7l: `docker service update --constraint-rm node.platform.arch==arm64 goweb`.',
    ],
    [
      'a processor under another name',
      ['node.platform.arch==arm64'],
      [
        aSwarmNode('pi5', {
          Description: { Hostname: 'pi5', Platform: { Architecture: 'aarch64', OS: 'linux' } },
        }),
      ],
      'goweb needs node.platform.arch==arm64; no node meets it. The nodes report aarch64: `docker service update --constraint-rm node.platform.arch==arm64 --constraint-add node.platform.arch==aarch64 goweb`.',
    ],
    [
      'an address',
      ['node.ip==10.0.0.0/8'],
      hatNodes(),
      'goweb needs node.ip==10.0.0.0/8; no node meets it. The nodes have the addresses 172.19.181.1 and 172.19.181.254: `docker service update --constraint-rm node.ip==10.0.0.0/8 goweb`.',
    ],
    [
      'an id that is excluded',
      ['node.id!=id-zero1'],
      [aSwarmNode('zero1')],
      "goweb needs node.id!=id-zero1; every node is excluded by it: `docker service update --constraint-rm 'node.id!=id-zero1' goweb`.",
    ],
  ])('%s', (_, constraints, nodes, text) => {
    expect(why(needing(...constraints), nodes)?.text).toBe(text);
  });

  test('an engine label is set on the node itself', () => {
    expect(why(needing('engine.labels.gpu==yes'))?.text).toMatch(
      /no node has it\. Engine labels are set in a node's \/etc\/docker\/daemon\.json \("labels": \["gpu=yes"\]\).*--constraint-rm engine\.labels\.gpu==yes goweb`\.$/,
    );
  });

  test('a key that swarm does not know', () => {
    expect(why(needing('node.label.foo==bar'))?.text).toMatch(
      /no node meets it\. Swarm does not know node\.label\.foo: there are node\.id, .*node\.labels\.…/,
    );
  });

  test.each([
    [
      'is drained',
      { Spec: { Labels: { a: 'b' }, Availability: 'drain' as const } },
      'zero3 is drained: `docker node update --availability active zero3`. goweb needs node.labels.a==b; ctrl, zero1, zero2 and zero4 do not have it.',
    ],
    [
      'is down',
      { Spec: { Labels: { a: 'b' } }, Status: { State: 'down' as const } },
      'goweb needs node.labels.a==b; ctrl, zero1, zero2 and zero4 do not have it. zero3 is down: check power and network.',
    ],
  ])('where the only node that meets them %s, no other is changed', (_, zero3, text) => {
    expect(why(needing('node.labels.a==b'), hatNodes({ zero3 }))?.text).toBe(text);
  });

  test('names only the first of 200 nodes', () => {
    const nodes = Array.from({ length: 200 }, (_, at) =>
      aSwarmNode(`n${at}`, at === 7 ? { Spec: { Labels: { a: 'b' }, Availability: 'pause' } } : {}),
    );
    expect(why(needing('node.labels.a==b'), nodes)?.text).toBe(
      'n7 is paused: `docker node update --availability active n7`. goweb needs node.labels.a==b; n0, n1, n2, n3, n4 and 194 more do not have it.',
    );
  });

  test('a command has the id of a node whose name another one has', () => {
    const twins = ['x1', 'x2'].map((ID) => aSwarmNode('raspberrypi', { ID }));
    expect(why(needing('node.labels.a==b'), twins)?.text).toMatch(/--label-add a=b x1`/);
  });

  test('a global service’s task is checked on its own node only', () => {
    const [goweb] = needing('node.labels.a==b');
    if (!goweb) throw new Error('no service');
    expect(why([goweb], hatNodes(), [], { NodeID: 'id-zero2' })?.text).toBe(
      'goweb needs node.labels.a==b; zero2 does not have it: `docker node update --label-add a=b zero2`.',
    );
  });
});

describe('reservations', () => {
  test('name what is needed and what each node has', () => {
    expect(why([aSwarmService('goweb', reserving(512))], hatNodes().slice(1))).toEqual({
      help: 'resources',
      text: 'goweb needs 512 MiB of free memory; zero1, zero2, zero3 and zero4 have 427 MiB: `docker service update --reserve-memory 427M goweb`.',
    });
  });

  test('names the services that reserve the memory', () => {
    const [goweb, db] = [
      aSwarmService('goweb', reserving(100)),
      aSwarmService('db', reserving(400)),
    ];
    const holding = [aSwarmTask(db, { node: 'zero1' })];
    expect(why([goweb, db], [aSwarmNode('zero1')], holding)?.text).toBe(
      'goweb needs 100 MiB of free memory; zero1 has 27 MiB of 427 MiB (db reserves 400 MiB): `docker service update --reserve-memory 27M goweb`.',
    );
  });

  test('suggests no reservation below the minimum of swarm', () => {
    const [goweb, db] = [
      aSwarmService('goweb', reserving(100)),
      aSwarmService('db', reserving(425)),
    ];
    const holding = [aSwarmTask(db, { node: 'zero1' })];
    expect(why([goweb, db], [aSwarmNode('zero1')], holding)?.text).toBe(
      'goweb needs 100 MiB of free memory; zero1 has 2 MiB of 427 MiB (db reserves 425 MiB).',
    );
  });

  test('the node with the most CPUs', () => {
    expect(why([aSwarmService('goweb', reserving(0, 8))])?.text).toBe(
      'goweb needs 8 CPUs free; ctrl has 4 CPUs and zero1, zero2, zero3 and zero4 have 1 CPU: `docker service update --reserve-cpu 4 goweb`.',
    );
  });

  test('memory and fractions of a CPU together', () => {
    const goweb = aSwarmService('goweb', reserving(512, 1.5));
    expect(why([goweb], [aSwarmNode('zero1')])?.text).toBe(
      'goweb needs 512 MiB of free memory; zero1 has 427 MiB. goweb needs 1.5 CPUs free; zero1 has 1 CPU: `docker service update --reserve-memory 427M --reserve-cpu 1 goweb`.',
    );
  });

  test('generic resources', () => {
    const GenericResources = [
      { DiscreteResourceSpec: { Kind: 'gpu', Value: 2 }, NamedResourceSpec: undefined },
    ];
    const Reservations = { NanoCPUs: 0, MemoryBytes: 0, GenericResources };
    expect(why([aSwarmService('goweb', { Resources: { Reservations } })])?.text).toMatch(
      /^goweb needs 2 gpu; ctrl, zero1, .* have none\. Nodes offer .*node-generic-resources/,
    );
  });
});

test('the limit of replicas per node', () => {
  const goweb = aSwarmService('goweb', { Placement: { MaxReplicas: 1 } });
  expect(why([goweb], hatNodes(), onEach(goweb))).toEqual({
    help: 'max-replicas-per-node',
    text: 'goweb may run 1 task per node, and ctrl, zero1, zero2, zero3 and zero4 have as many. Scale it down, add a node, or raise the limit: `docker service update --replicas-max-per-node 2 goweb`.',
  });
});

describe('a port in host mode', () => {
  const [goweb, web] = ['goweb', 'web'].map((name) => aSwarmService(name, {}, { hostPort: 8080 }));
  if (!goweb || !web) throw new Error('no services');

  test('names its holder on each node', () => {
    expect(why([goweb, web], hatNodes(), onEach(web))).toEqual({
      help: 'host-port',
      text: 'Port 8080 is taken on ctrl by web.1, on zero1 by web.2, on zero2 by web.3 and on 2 more nodes: mode=host allows one task per node and port. Publish goweb on another port, or through the routing mesh.',
    });
  });

  test('names a global holder once', () => {
    const tasks = onEach(web).map((task) => ({ ...task, Slot: undefined }));
    expect(why([goweb, web], hatNodes(), tasks)?.text).toMatch(
      /^Port 8080 is taken on ctrl, zero1, zero2, zero3 and zero4 by web: /,
    );
  });

  test('the service itself, with more replicas than nodes', () => {
    expect(why([goweb], hatNodes(), onEach(goweb))?.text).toMatch(
      /by goweb itself: with mode=host each node runs one of its tasks\. Scale it/,
    );
  });

  test('the task that it is to replace', () => {
    expect(why([goweb], hatNodes(), onEach(goweb, 5))?.text).toMatch(
      /the old task has to stop .*: `docker service update --update-order stop-first goweb`\.$/,
    );
  });

  test('a removed service’s, which the engine does not list', () => {
    const reason = 'no suitable node (host-mode port already in use on 1 node)';
    expect(why([goweb], hatNodes(), [], { reason })?.text).toMatch(/already taken on 1 node/);
  });
});

test('nodes that take no tasks', () => {
  const nodes = hatNodes({
    ctrl: { Spec: { Availability: 'drain' } },
    zero1: { Spec: { Availability: 'drain' } },
    zero2: { Status: { State: 'down' } },
    zero3: { Status: { State: 'disconnected' } },
    zero4: { Spec: { Availability: 'pause' } },
  });
  expect(why([aSwarmService('goweb')], nodes)).toEqual({
    help: 'nodes-unavailable',
    text: 'ctrl and zero1 are drained, zero4 is paused, zero3 is not ready and zero2 is down: `docker node update --availability active zero1`.',
  });
});

test('a plug-in', () => {
  expect(
    why([aSwarmService('goweb', { LogDriver: { Name: 'loki' } })], hatNodes().slice(3)),
  ).toEqual({
    help: 'missing-plugin',
    text: 'zero3 and zero4 do not have the log driver loki. Install it on zero3: `docker plugin install loki`.',
  });
});

test('an image for other processors, of the nodes that pass the other filters', () => {
  const Placement = {
    Constraints: ['node.role==worker'],
    Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
  };
  expect(why([aSwarmService('goweb', { Placement })])).toEqual({
    help: 'image-other-processor',
    text: 'The image is for linux/amd64 only, and zero1, zero2, zero3 and zero4 (armv6l) cannot run it. Build it for linux/arm/v6: `docker build --platform linux/arm/v6 -t NAME . && docker push NAME`. goweb needs node.role==worker; ctrl does not meet it.',
  });
});

describe('several filters', () => {
  test('the cures are for the node that lacks least', () => {
    const goweb = aSwarmService('goweb', { ...reserving(512), ...constrained('node.labels.a==b') });
    const nodes = hatNodes({ ctrl: { Spec: { Availability: 'drain' } } });
    expect(why([goweb], nodes)?.text).toBe(
      'goweb needs 512 MiB of free memory; zero1, zero2, zero3 and zero4 have 427 MiB: `docker service update --reserve-memory 427M goweb`. goweb needs node.labels.a==b; no node has it: `docker node update --label-add a=b zero1`. ctrl is drained.',
    );
  });
});

describe('an outdated reason of swarm’s', () => {
  test('there is no hint once a node has become free', () => {
    const reason = 'no suitable node (insufficient resources on 5 nodes)';
    expect(why([aSwarmService('goweb', reserving(64))], hatNodes(), [], { reason })).toBeNull();
  });

  test('the current reason replaces swarm’s older one', () => {
    const reason = 'no suitable node (insufficient resources on 5 nodes)';
    const nodes = everyNode({ Spec: { Availability: 'drain' } });
    expect(why([aSwarmService('goweb', reserving(64))], nodes, [], { reason })?.text).toMatch(
      /^ctrl, zero1, zero2, zero3 and zero4 are drained/,
    );
  });

  test('volumes of CSI plug-ins are not in the engine’s lists', () => {
    const reason = 'no suitable node (cannot fulfill requested CSI volume mounts on 5 nodes)';
    expect(why([aSwarmService('goweb')], hatNodes(), [], { reason })).toMatchObject({
      help: 'cluster-volume',
      text: expect.stringContaining('cannot be attached to 5 nodes'),
    });
  });
});

test('hostile names add no code to a hint and do not make it long', () => {
  const odd = fc.oneof(
    fc.constantFrom('zero1', '-x', '', '`', '$(reboot)', "a'b", 'x'.repeat(5000)),
    fc.string({ unit: fc.constantFrom('`', 'a', ' ', '\n', '-', '=', '!') }),
  );
  const nodes = fc.array(fc.record({ name: odd, label: odd }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(nodes, odd, odd, odd, (members, service, key, value) => {
      const list = members.map(({ name, label }, at) =>
        aSwarmNode(name, { ID: `id${at}`, Spec: { Labels: { [label]: value } } }),
      );
      const spec = {
        ...constrained(`node.labels.${key}==${value}`, `node.hostname!=${value}`),
        ...reserving(512),
        LogDriver: { Name: value },
      };
      const text = why([aSwarmService(service, spec, { hostPort: 80 })], list)?.text ?? '';
      const parts = text.split('`');
      expect(parts.length % 2).toBe(1);
      for (const code of parts.filter((_, at) => at % 2 === 1)) {
        expect(code).toMatch(/^docker (node|service|plugin) /);
        expect(code.length).toBeLessThan(301);
      }
      expect(text.length).toBeLessThan(6000);
    }),
  );
});
