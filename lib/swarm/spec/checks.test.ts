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
import { resolvedImage, type ImageLookup } from '../image-lookup';
import { NO_REFUSALS, type ReadSwitch } from '../refusals';
import { checkService } from './checks';
import { createServiceSchema, type CreateService } from './form';
import { specOf } from './spec-of';

const create = createServiceSchema(1000);
const platform = (architecture: string, variant = '') => ({ architecture, os: 'linux', variant });
const found = (...platforms: ReturnType<typeof platform>[]): ImageLookup => ({
  state: 'found',
  digest: `sha256:${'a'.repeat(64)}`,
  platforms,
});

interface Around {
  nodes?: EngineNode[];
  services?: EngineService[];
  tasks?: EngineTask[];
  image?: ImageLookup | null;
  refused?: ReadSwitch[];
  existing?: string;
}

/** The checks of the tutorial's service with `over` in it, as `field state: text`. */
function checks(over: Partial<CreateService>, around: Around = {}): string[] {
  const { nodes = hatNodes(), services = [], tasks = [], image = null, refused = [] } = around;
  const form = create.parse({ name: 'goweb', image: 'goweb:1', replicas: 3, ...over });
  return checkService(
    specOf(form),
    form,
    {
      swarm: {
        nodes,
        services,
        tasks,
        refused: { ...NO_REFUSALS, reads: new Set(refused) },
      },
      names: hostnames(nodes),
      image,
    },
    around.existing ?? null,
  ).map(({ field, state, text }) => `${field} ${state}: ${text}`);
}

const OK = [
  'name ok: No other service has this name.',
  'replicas ok: The nodes have room, for example ctrl, zero1 and zero2. Swarm chooses.',
];

test('a service that fits', () => expect(checks({})).toEqual(OK));

test('a name that is taken', () => {
  const [name] = checks({}, { services: [aSwarmService('goweb')] });
  expect(name).toBe('name refused: There is a service called goweb already.');
});

test('the own name of a service that is changed', () => {
  const lines = checks({}, { services: [aSwarmService('goweb')], existing: 'id-goweb' });
  expect(lines).toEqual([OK[1]]);
});

describe('a published port', () => {
  const holder = (mode: 'ingress' | 'host', protocol = 'tcp') =>
    aSwarmService(
      'shop',
      {},
      {
        Endpoint: {
          Ports: [{ Protocol: protocol, TargetPort: 80, PublishedPort: 8888, PublishMode: mode }],
        },
      },
    );
  test.each([
    ['ingress', 'ingress', 'refused: Port 8888 is published by shop already.'],
    ['ingress', 'host', 'refused: Port 8888 is published by shop already.'],
    ['host', 'ingress', 'refused: Port 8888 is published by shop already.'],
    ['host', 'host', 'ok: Port 8888 is free.'],
  ] as const)('as %s, where another service has it as %s', (mode, theirs, line) => {
    const lines = checks(
      { ports: [{ target: 80, published: 8888, mode }] },
      { services: [holder(theirs)] },
    );
    expect(lines[1]).toBe(`ports.0.published ${line}`);
  });

  test('that the service itself has already', () => {
    const lines = checks(
      { ports: [{ target: 80, published: 8888 }] },
      { services: [holder('ingress')], existing: 'id-shop' },
    );
    expect(lines[0]).toBe('ports.0.published ok: No other service publishes port 8888.');
  });

  test('with another protocol is another port', () => {
    const ports = [{ target: 80, published: 8888, protocol: 'udp' as const }, { target: 81 }];
    expect(checks({ ports }, { services: [holder('ingress')] })[1]).toBe(
      'ports.0.published ok: Port 8888/udp is free.',
    );
  });
});

describe('an image', () => {
  const line = (image: ImageLookup, nodes?: EngineNode[]) =>
    checks({}, { image, ...(nodes && { nodes }) }).find((one) => one.startsWith('image'));
  test.each<[ImageLookup, string]>([
    [found(platform('arm', 'v6')), 'ok: The image is built for every node.'],
    [
      found(platform('arm', 'v7'), platform('unknown')),
      'warning: The image is for linux/arm/v7. Swarm also places tasks on zero1 (armv6l), zero2 (armv6l), zero3 (armv6l) and zero4 (armv6l), where they run only if the node emulates this processor (QEMU).',
    ],
    [found(platform('amd64')), 'warning: The image is for linux/amd64. No node can run it.'],
    [
      found(),
      'unknown: The registry has goweb:1, but does not say for which processors it is built.',
    ],
    [
      { state: 'missing', reason: 'manifest unknown' },
      'warning: The registry does not have goweb:1: only nodes that have it already can run it.',
    ],
    [
      { state: 'unknown', reason: 'dial tcp: no route to host' },
      'unknown: Could not check goweb:1: dial tcp: no route to host.',
    ],
  ])('%j', (image, text) => expect(line(image)).toBe(`image ${text}`));

  const computer = (name: string, Architecture: string) =>
    aSwarmNode(name, { Description: { Platform: { Architecture, OS: 'linux' } } });
  test.each([
    [
      'placed where only an emulator runs it',
      [computer('pc1', 'x86_64'), computer('pc2', 'x86_64')],
      found(platform('arm', 'v6')),
      'The image is for linux/arm/v6. No node has this processor: a task that swarm places runs only where the node emulates it (QEMU).',
    ],
    [
      'kept off some nodes and placed on others, by the names that swarm compares',
      [computer('pc', 'x86_64'), computer('zero', 'armv6l'), computer('pi', 'aarch64')],
      found(platform('arm64')),
      'The image is for linux/arm64. pc (x86_64) and zero (armv6l) cannot run it.',
    ],
    [
      'of two platforms, one without an architecture for swarm',
      [computer('pc', 'x86_64'), computer('zero', 'armv6l'), computer('pi', 'aarch64')],
      found(platform('arm', 'v7'), platform('arm64')),
      'The image is for linux/arm/v7 and linux/arm64. Swarm also places tasks on pc (x86_64) and zero (armv6l), where they run only if the node emulates this processor (QEMU).',
    ],
  ])('%s', (_, nodes, image, text) => expect(line(image, nodes)).toBe(`image warning: ${text}`));

  test('kept off one node by its system, and emulated on another', () => {
    const windows = aSwarmNode('win', {
      Description: { Platform: { Architecture: 'x86_64', OS: 'windows' } },
    });
    const nodes = [windows, computer('pc', 'x86_64'), computer('zero', 'armv6l')];
    expect(line(found(platform('arm', 'v6')), nodes)).toBe(
      'image warning: The image is for linux/arm/v6. win (x86_64) cannot run it. Swarm also places tasks on pc (x86_64), where they run only if the node emulates this processor (QEMU).',
    );
  });

  test.each([
    ['x86_64', platform('amd64'), true],
    ['x86_64', platform('386'), true],
    ['aarch64', platform('arm64', 'v8'), true],
    ['aarch64', platform('arm', 'v7'), true],
    ['armv7l', platform('arm', 'v6'), true],
    ['armv7l', platform('arm64'), false],
    ['armv6l', platform('arm', 'v5'), true],
    ['armv6l', platform('arm'), true],
    ['riscv64', platform('riscv64'), true],
    ['riscv64', platform('amd64'), false],
  ])('on %s', (Architecture, made, runs) => {
    const nodes = [aSwarmNode('a', { Description: { Platform: { Architecture, OS: 'linux' } } })];
    expect(line(found(made), nodes)?.startsWith('image ok')).toBe(runs);
  });
});

describe('the nodes', () => {
  const last = (...of: Parameters<typeof checks>) => checks(...of).at(-1);
  test('too few for a maximum per node', () => {
    expect(last({ replicas: 7, maxPerNode: 1 })).toBe(
      'replicas warning: The nodes have room for 5 of 7: 2 tasks would wait. goweb may run 1 task per node, and ctrl, zero1, zero2, zero3 and zero4 have as many. Scale it down, add a node, or raise the limit: `docker service update --replicas-max-per-node 2 goweb`.',
    );
  });

  test('too small for what is reserved', () => {
    const other = aSwarmService('other', reserving(400));
    const tasks = ['zero1', 'zero2', 'zero3', 'zero4'].map((node, at) =>
      aSwarmTask(other, { node, Slot: at }),
    );
    expect(
      last({ replicas: 9, reservations: { memory: '300M' } }, { services: [other], tasks }),
    ).toMatch(
      /^replicas warning: The nodes have room for 3 of 9: 6 tasks would wait\. goweb needs 300 MiB/,
    );
  });

  test('that no constraint allows', () => {
    expect(last({ constraints: ['node.labels.disk==ssd'] })).toMatch(
      /^replicas warning: No node can run it now\. goweb needs node\.labels\.disk==ssd; no node has it/,
    );
  });

  test('with one port each in host mode', () => {
    expect(last({ replicas: 6, ports: [{ target: 80, published: 80, mode: 'host' }] })).toMatch(
      /^replicas warning: The nodes have room for 5 of 6: 1 task would wait\./,
    );
  });

  const computer = (name: string, Architecture: string) =>
    aSwarmNode(name, { Description: { Platform: { Architecture, OS: 'linux' } } });
  /** All about the image and the nodes, with the platforms in the spec as the engine would get them. */
  const placed = (over: Partial<CreateService>, image: ImageLookup, nodes: EngineNode[]) => {
    const form = create.parse({ name: 'goweb', image: 'goweb:1', replicas: 3, ...over });
    const swarm = { nodes, services: [], tasks: [], refused: NO_REFUSALS };
    const around = { swarm, names: hostnames(nodes), image };
    const spec = specOf(form, resolvedImage(image));
    return checkService(spec, form, around).flatMap(({ field, state, text }) =>
      field === 'name' ? [] : [`${field} ${state}: ${text}`],
    );
  };

  test('with another processor are named once, at the image', () => {
    const nodes = [computer('pi', 'aarch64'), computer('zero', 'armv6l')];
    expect(placed({}, found(platform('amd64')), nodes)).toEqual([
      'image warning: The image is for linux/amd64. No node can run it.',
      'replicas warning: No task would run.',
    ]);
    const [, room] = placed({ maxPerNode: 1 }, found(platform('arm64')), nodes);
    expect(room).toMatch(
      /^replicas warning: The nodes have room for 1 of 3: 2 tasks would wait\. goweb may run 1 task per node, and pi has as many\./,
    );
    expect(room).not.toContain('arm64');
    // Whatever else keeps the tasks off them.
    const drained = [aSwarmNode('zero', { Spec: { Availability: 'drain' } })];
    expect(placed({}, found(platform('amd64')), drained).at(-1)).toBe(
      'replicas warning: No task would run.',
    );
  });

  test.each<[string, ImageLookup]>([
    ['cannot be reached', { state: 'unknown', reason: 'dial tcp: no route to host' }],
    ['does not have it', { state: 'missing', reason: 'manifest unknown' }],
    ['does not say for which processors it is', found()],
  ])('are not said to run an image whose registry %s', (_, image) => {
    const all = [
      ...placed({}, image, hatNodes()),
      ...placed({ mode: 'global', replicas: undefined }, image, hatNodes()),
    ];
    expect(all.filter((line) => / ok: /.test(line))).toEqual([]);
    expect(all).toContain(
      'replicas unknown: The nodes have room. Could not check whether they can run the image.',
    );
    expect(all.at(-1)).toBe(
      'replicas unknown: Could not check whether ctrl, zero1, zero2, zero3 and zero4 can run the image.',
    );
    expect(placed({ replicas: 0 }, image, hatNodes()).at(-1)).toBe(
      'replicas ok: No task would run.',
    );
  });

  test('of a global service', () => {
    const nodes = hatNodes({ zero1: { Spec: { Availability: 'drain' } } });
    expect(last({ mode: 'global', replicas: undefined }, { nodes })).toBe(
      'replicas ok: It would run on ctrl, zero2, zero3 and zero4.',
    );
  });

  test('of a job, which runs some of its tasks at a time', () => {
    expect(last({ mode: 'replicated-job', replicas: 100, maxConcurrent: 2 })).toBe(
      'replicas ok: The nodes have room, for example ctrl and zero1. Swarm chooses.',
    );
  });

  test('for more tasks than are checked', () => {
    const nodes = Array.from({ length: 1000 }, (_, at) => aSwarmNode(`n${at}`));
    expect(last({ replicas: 101 }, { nodes })).toBe(
      'replicas unknown: Could not check whether the nodes have room for 101 tasks: it is checked for up to 100.',
    );
  });

  test('of no task', () => {
    expect(last({ replicas: 0 })).toBe('replicas ok: No task would run.');
  });
});

test('a spec that cannot be read as a task is not guessed about', () => {
  const form = create.parse({ name: 'goweb', image: 'goweb:1' });
  const swarm = { nodes: hatNodes(), services: [], tasks: [], refused: NO_REFUSALS };
  const spec = { ...specOf(form), TaskTemplate: { ContainerSpec: 7 } };
  const found = checkService(spec, form, { swarm, names: new Map(), image: null });
  expect(found.at(-1)).toEqual({
    field: 'replicas',
    state: 'unknown',
    text: 'Could not check which nodes can run it.',
  });
});

test('a node is called by its id where it has no name', () => {
  const nodes = [aSwarmNode('zero1')];
  const form = create.parse({ name: 'goweb', image: 'goweb:1' });
  const swarm = { nodes, services: [], tasks: [], refused: NO_REFUSALS };
  const image = found(platform('arm64'), { architecture: 'amd64', os: 'windows', variant: '' });
  const around = {
    swarm: {
      ...swarm,
      nodes: [
        ...nodes,
        aSwarmNode('ctrl', { Description: { Platform: { Architecture: 'aarch64', OS: 'linux' } } }),
      ],
    },
    names: new Map(),
    image,
  };
  expect(
    checkService(specOf(form), form, around).find(({ field }) => field === 'image')?.text,
  ).toBe('The image is for linux/arm64 and windows/amd64. id-zero1 (armv6l) cannot run it.');
});

describe('lists that a proxy refuses leave the checks open', () => {
  const REASON = 'a proxy in front of the engine refuses the list.';
  const ports = [{ target: 1, published: 80 }];
  const image = found(platform('arm64'));

  test('of services', () => {
    expect(checks({ ports }, { refused: ['SERVICES'], image })).toEqual([
      `name unknown: Could not check whether the name is free: ${REASON}`,
      `ports.0.published unknown: Could not check whether port 80 is free: ${REASON}`,
      expect.stringMatching(/^image warning/),
      `replicas unknown: Could not check which nodes have room: ${REASON}`,
    ]);
  });

  test('of nodes', () => {
    expect(checks({ ports }, { refused: ['NODES'], nodes: [], image }).slice(1)).toEqual([
      'ports.0.published ok: Port 80 is free.',
      `image unknown: The image is for linux/arm64. Could not check which nodes can run it: ${REASON}`,
      `replicas unknown: Could not check which nodes have room: ${REASON}`,
    ]);
  });

  test('of tasks', () => {
    expect(checks({}, { refused: ['TASKS'] }).at(-1)).toContain('replicas unknown: Could not');
  });
});
