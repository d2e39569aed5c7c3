import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aSwarmNode,
  aSwarmService,
  aSwarmTask,
  constrained,
  hatNodes,
  reserving,
} from '@/tests/factories/cluster';
import {
  nodeDetails,
  nodeDetailsSchema,
  splitImage,
  taskDetails,
  taskDetailsSchema,
} from './details';
import { oneLine } from './words';

const MIB = 2 ** 20;
const DIGEST = `sha256:${'ab'.repeat(32)}`;

describe('task details', () => {
  const spec = {
    ContainerSpec: { Image: `carmeloc/goweb:1.0@${DIGEST}` },
    Placement: { Constraints: ['node.role==worker', 'node.labels.rack==a'], MaxReplicas: 2 },
    Resources: {
      Reservations: {
        NanoCPUs: 250_000_000,
        MemoryBytes: 64 * MIB,
        GenericResources: [
          { DiscreteResourceSpec: { Kind: 'gpu', Value: 2 }, NamedResourceSpec: undefined },
        ],
      },
      Limits: { NanoCPUs: 500_000_000, MemoryBytes: 128 * MIB },
    },
  };
  const task = aSwarmTask(aSwarmService('goweb', spec), {
    node: 'zero1',
    Status: {
      Timestamp: 0,
      State: 'running',
      Message: '',
      Err: '',
      ContainerStatus: { ContainerID: 'c'.repeat(64), ExitCode: 0 },
    },
  });
  const states = [{ state: 'running' as const, at: 5 }];

  test('have image and digest, container, constraints, reservations and limits', () => {
    const details = taskDetails({ tasks: [task] }, { id: task.ID, name: 'goweb.1' }, states);
    expect(details).toEqual({
      id: 'goweb-1',
      name: 'goweb.1',
      image: 'carmeloc/goweb:1.0',
      digest: DIGEST,
      container: 'c'.repeat(64),
      constraints: ['node.role==worker', 'node.labels.rack==a'],
      maxPerNode: 2,
      reservations: [
        { resource: 'CPU', unit: 'cpus', amount: 0.25 },
        { resource: 'memory', unit: 'bytes', amount: 64 * MIB },
        { resource: 'gpu', unit: 'pieces', amount: 2 },
      ],
      limits: [
        { resource: 'CPU', unit: 'cpus', amount: 0.5 },
        { resource: 'memory', unit: 'bytes', amount: 128 * MIB },
      ],
      states,
    });
    expect(taskDetailsSchema.parse(details)).toEqual(details);
  });

  test('of a task without any of them are empty', () => {
    const bare = aSwarmTask(aSwarmService('goweb'));
    expect(taskDetails({ tasks: [bare] }, { id: bare.ID, name: 'goweb.1' }, [])).toMatchObject({
      image: '',
      digest: null,
      container: null,
      constraints: [],
      maxPerNode: null,
      reservations: [],
      limits: [],
    });
  });

  test('are null for a task that is not listed', () => {
    expect(taskDetails({ tasks: [task] }, { id: 'other', name: 'goweb.1' }, [])).toBeNull();
  });
});

test('an image is split at its digest, whatever the reference', () => {
  expect(splitImage(`registry:5000/goweb:1.0@${DIGEST}`)).toEqual({
    image: 'registry:5000/goweb:1.0',
    digest: DIGEST,
  });
  expect(splitImage('goweb@md5:1')).toEqual({ image: 'goweb@md5:1', digest: null });
  fc.assert(
    fc.property(fc.string({ maxLength: 900 }), (image) => {
      const shown = oneLine(image, 1000);
      expect(splitImage(`${image}@${DIGEST}`)).toEqual({ image: shown, digest: DIGEST });
    }),
  );
});

test('no text of an engine controls the direction of what follows it, or a terminal', () => {
  const EVIL = '\u0000\u001b[31m\u202eevil\n';
  const service = aSwarmService('goweb', {
    ContainerSpec: { Image: EVIL },
    Placement: { Constraints: [`node.labels.${EVIL}==1`] },
  });
  const task = aSwarmTask(service);
  const node = aSwarmNode('ctrl', { Spec: { Labels: { [EVIL]: EVIL } } });
  const shown = JSON.stringify([
    taskDetails({ tasks: [task] }, { id: task.ID, name: 'goweb.1' }, []),
    nodeDetails({ nodes: [node], services: [], tasks: [] }, { id: node.ID, name: 'ctrl' }),
  ]);
  expect(shown).toContain('evil');
  expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}]|\\[un]/u);
});

describe('node details', () => {
  const service = aSwarmService('goweb', reserving(100, 0.25));

  test('have labels, and resources in total, reserved and free', () => {
    const [, node] = hatNodes({
      zero1: { Spec: { Labels: { rack: 'a', 'clusterhat.port': 'P1' } } },
    });
    const tasks = [
      aSwarmTask(service, { node: 'zero1' }),
      aSwarmTask(service, { node: 'zero1', Slot: 2 }),
      aSwarmTask(service, { node: 'zero2', Slot: 3 }),
    ];
    const details = nodeDetails(
      { nodes: [node!], services: [service], tasks },
      { id: 'id-zero1', name: 'zero1' },
    );
    expect(details).toEqual({
      id: 'id-zero1',
      name: 'zero1',
      labels: [
        { name: 'clusterhat.port', value: 'P1' },
        { name: 'rack', value: 'a' },
      ],
      engineLabels: [],
      labelRules: [],
      drill: null,
      resources: [
        { resource: 'CPU', unit: 'cpus', amount: 1, reserved: 0.5, free: 0.5 },
        {
          resource: 'memory',
          unit: 'bytes',
          amount: 427 * MIB,
          reserved: 200 * MIB,
          free: 227 * MIB,
        },
      ],
    });
    expect(nodeDetailsSchema.parse(details)).toEqual(details);
  });

  test('have the rules of services on labels of nodes, and what a drill restores', () => {
    const placed = aSwarmService('placed', {
      Placement: {
        Constraints: ['node.labels.disk == SSD', 'node.labels.rack!=a', 'node.role==manager'],
        Preferences: [
          { Spread: { SpreadDescriptor: 'node.labels.zone' } },
          { Spread: { SpreadDescriptor: 'engine.labels.zone' } },
        ],
      },
    });
    const odd = aSwarmService('odd', constrained('not a constraint', 'node.labels.x==y'));
    const node = aSwarmNode('zero1', {
      Spec: { Labels: { disk: 'ssd', rack: 'a', 'clusterhat.drill.was': 'pause' } },
    });
    const details = nodeDetails(
      { nodes: [node], services: [placed, odd], tasks: [] },
      { id: node.ID, name: 'zero1' },
    );
    const service = 'placed';
    const on = (label: string) => ({ label, service });
    expect(details?.labelRules).toEqual([
      { ...on('disk'), rule: 'node.labels.disk == SSD', value: 'SSD', equal: true, met: true },
      { ...on('rack'), rule: 'node.labels.rack!=a', value: 'a', equal: false, met: false },
      { ...on('zone'), rule: 'spread=node.labels.zone', value: null, equal: null, met: null },
    ]);
    expect(details?.drill).toBe('pause');
  });

  test('of a node that has not reported in yet are empty', () => {
    const { Description: _, ...node } = aSwarmNode('zero1');
    expect(
      nodeDetails({ nodes: [node], services: [], tasks: [] }, { id: node.ID, name: 'zero1' }),
    ).toMatchObject({ labels: [], engineLabels: [], resources: [] });
  });

  test('are null for a node that is not listed', () => {
    expect(nodeDetails({ nodes: [], services: [], tasks: [] }, { id: 'x', name: 'x' })).toBeNull();
  });

  test('what is reserved and free adds up to the total, for any tasks', () => {
    const reservation = fc.tuple(fc.nat(800), fc.nat(16));
    fc.assert(
      fc.property(fc.array(reservation, { maxLength: 12 }), (wanted) => {
        const services = wanted.map(([mib, cpus], at) =>
          aSwarmService(`s${at}`, reserving(mib, cpus / 4)),
        );
        const tasks = services.map((one) => aSwarmTask(one, { node: 'ctrl' }));
        const node = aSwarmNode('ctrl');
        const details = nodeDetails(
          { nodes: [node], services, tasks },
          { id: node.ID, name: 'ctrl' },
        );
        for (const { amount, reserved, free } of details?.resources ?? []) {
          expect(reserved + free).toBeCloseTo(amount);
        }
      }),
    );
  });

  test('labels are limited in number and length', () => {
    const Labels = Object.fromEntries(
      Array.from({ length: 500 }, (_, at) => [`l${at}`, 'x'.repeat(5000)]),
    );
    const node = aSwarmNode('ctrl', { Spec: { Labels } });
    const details = nodeDetails(
      { nodes: [node], services: [], tasks: [] },
      { id: node.ID, name: 'ctrl' },
    );
    expect(details?.labels).toHaveLength(100);
    expect(details?.labels.every(({ value }) => value.length === 1000)).toBe(true);
  });
});
