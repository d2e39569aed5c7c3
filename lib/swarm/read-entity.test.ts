import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  infoReading,
  nodeReading,
  serviceReading,
  taskReading,
  versionReading,
} from './engine-json';
import { readEntity } from './read-entity';
import type { ListReading } from './read-list';

type Json = Record<string, unknown>;

/** The first entity of a real engine's list, a fresh copy. */
function captured(name: string): Json {
  const file = new URL(`../../tests/fixtures/engine/${name}.json`, import.meta.url);
  const json = JSON.parse(readFileSync(file, 'utf8')) as Json | Json[];
  return Array.isArray(json) ? json[0]! : json;
}

/** Sets what is at a path; undefined removes it. */
function put(json: Json, path: string, value: unknown): void {
  const keys = path.split('.');
  const last = keys.pop()!;
  let at = json;
  for (const key of keys) at = (at[key] ??= {}) as Json;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

/** Reads an entity with something odd at a path. */
function read<T>(
  { entity, fallbacks }: ListReading<T>,
  list: string,
  path: string,
  value: unknown,
) {
  const json = captured(list);
  put(json, path, value);
  return readEntity(entity, json, fallbacks);
}

/** What is at a path. */
function at(entity: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (value as Json | null)?.[key], entity);
}

test.each([
  ['nodes', nodeReading],
  ['services', serviceReading],
  ['tasks', taskReading],
] as const)('reads captured %s as they are', (list, reading) => {
  const { entity, odd } = readEntity(reading.entity as never, captured(list), reading.fallbacks);
  expect(entity).not.toBeNull();
  expect(odd).toEqual([]);
});

describe('a node', () => {
  const odd = (path: string, value: unknown) => read(nodeReading, 'nodes', path, value);

  test.each<[path: string, value: unknown, shown: unknown, what: string]>([
    ['Version', {}, { Index: 0 }, '`Version.Index` (missing)'],
    ['Version', undefined, { Index: 0 }, '`Version` (missing)'],
    ['Version', 7, { Index: 0 }, '`Version` (7)'],
    ['Version.Index', -1, { Index: 0 }, '`Version.Index` (-1)'],
    ['CreatedAt', 1, 0, '`CreatedAt` (1)'],
    ['Spec', null, { Labels: {}, Role: 'worker', Availability: 'unknown' }, '`Spec` (null)'],
    ['Spec.Role', 'boss', 'worker', '`Spec.Role` ("boss")'],
    ['Spec.Availability', undefined, 'unknown', '`Spec.Availability` (missing)'],
    ['Spec.Availability', ['active'], 'unknown', '`Spec.Availability` (a list)'],
    ['Spec.Labels', ['a'], {}, '`Spec.Labels` (a list)'],
    ['Spec.Labels', { a: null, b: 'x' }, { b: 'x' }, '`Spec.Labels.a` (null)'],
    ['Description', 'zero1', undefined, '`Description` ("zero1")'],
    ['Description.Hostname', { a: 1 }, '', '`Description.Hostname` (an object)'],
    ['Description.Resources.NanoCPUs', '4', 0, '`Description.Resources.NanoCPUs` ("4")'],
    ['Description.Resources.MemoryBytes', -1, 0, '`Description.Resources.MemoryBytes` (-1)'],
    ['Status', undefined, { State: 'unknown', Message: '', Addr: '' }, '`Status` (missing)'],
    ['Status.Addr', 5, '', '`Status.Addr` (5)'],
    ['ManagerStatus', 'leader', undefined, '`ManagerStatus` ("leader")'],
    [
      'ManagerStatus',
      { Leader: 'yes' },
      expect.objectContaining({ Leader: false }),
      '`ManagerStatus.Leader` ("yes")',
    ],
  ])('%s %j: the part is left out and named', (path, value, shown, what) => {
    const { entity, odd: named } = odd(path, value);
    expect(at(entity, path.replace(/\.Index$/, ''))).toEqual(shown);
    expect(named).toEqual([what]);
  });

  test.each<[path: string, value: unknown]>([
    ['Description', undefined],
    ['Description', {}],
    ['Description', null],
    ['Description.Platform', null],
    ['Spec.Labels', null],
    ['ManagerStatus', null],
    ['Status.State', 'asleep'],
    ['CreatedAt', '0001-01-01T00:00:00Z'],
    ['Unknown', { a: [null] }],
  ])('%s %j: nothing is odd', (path, value) => {
    const { entity, odd: named } = odd(path, value);
    expect(entity).not.toBeNull();
    expect(named).toEqual([]);
  });
});

describe('a service', () => {
  const odd = (path: string, value: unknown) => read(serviceReading, 'services', path, value);
  const replicas = 'Spec.Mode.Replicated.Replicas';

  test.each([null, undefined, -1, 1.5, '3', 1e300, {}])(
    'with %j replicas has an unknown number',
    (value) => {
      const { entity, odd: named } = odd(replicas, value);
      expect(at(entity, replicas)).toBe('unknown');
      expect(named).toEqual([expect.stringContaining(`\`${replicas}\` (`)]);
    },
  );

  test.each<[path: string, value: unknown, shown: unknown, what: string]>([
    ['Spec.Mode', undefined, {}, '`Spec.Mode` (missing)'],
    ['Spec.Mode', 'replicated', {}, '`Spec.Mode` ("replicated")'],
    ['Spec.Name', 5, expect.stringMatching(/^\w{12}$/), '`Spec.Name` (5)'],
    ['Spec', [], expect.objectContaining({ Mode: {} }), '`Spec` (a list)'],
    ['Spec.TaskTemplate', undefined, {}, '`Spec.TaskTemplate` (missing)'],
    ['Spec.TaskTemplate.ContainerSpec.Image', null, '', ''],
    [
      'Spec.TaskTemplate.Placement.MaxReplicas',
      'two',
      undefined,
      '`Spec.TaskTemplate.Placement.MaxReplicas` ("two")',
    ],
    [
      'Spec.TaskTemplate.Placement.Constraints',
      ['node.role==worker', 7],
      ['node.role==worker', ''],
      '`Spec.TaskTemplate.Placement.Constraints` (7)',
    ],
    [
      'Spec.TaskTemplate.Placement.Platforms',
      [{ OS: 'linux' }, 'arm'],
      undefined,
      '`Spec.TaskTemplate.Placement.Platforms` (a list)',
    ],
    ['Spec.UpdateConfig', { Monitor: 'long' }, {}, '`Spec.UpdateConfig.Monitor` ("long")'],
    ['Endpoint', 'none', undefined, '`Endpoint` ("none")'],
    ['UpdateStatus', 'done', undefined, '`UpdateStatus` ("done")'],
    ['JobStatus', 3, undefined, '`JobStatus` (3)'],
  ])('%s %j: the part is left out', (path, value, shown, what) => {
    const { entity, odd: named } = odd(path, value);
    expect(at(entity, path)).toEqual(shown);
    expect(named).toEqual([what].filter(Boolean));
  });

  test('keeps the ports that can be read', () => {
    const good = { Protocol: 'tcp', TargetPort: 80, PublishedPort: 8080, PublishMode: 'ingress' };
    const { entity, odd: named } = odd('Endpoint', {
      Ports: [
        { PublishedPort: 1 },
        good,
        { ...good, TargetPort: 70_000 },
        { ...good, Protocol: 5 },
        { ...good, PublishMode: 'mesh' },
        null,
        'x',
      ],
    });
    expect(entity?.Endpoint?.Ports).toEqual([good]);
    expect(named).toEqual([
      '`Endpoint.Ports.TargetPort` (missing)',
      '`Endpoint.Ports.TargetPort` (70000)',
      '4 more parts',
    ]);
  });

  test('leaves out a list with too many odd entries', () => {
    const { entity, odd: named } = odd('Endpoint', { Ports: Array(100_000).fill(0) });
    expect(entity?.Endpoint).toEqual({});
    expect(named).toEqual(['`Endpoint.Ports` (a list)']);
  });

  test('leaves out labels with too many odd entries', () => {
    const labels = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`l${n}`, null]));
    expect(odd('Spec.Labels', labels).odd).toEqual(['`Spec.Labels` (an object)']);
  });
});

describe('a task', () => {
  const odd = (path: string, value: unknown) => read(taskReading, 'tasks', path, value);

  test.each<[path: string, value: unknown, shown: unknown, what: string]>([
    ['Spec', undefined, {}, '`Spec` (missing)'],
    ['Status', null, expect.objectContaining({ State: 'unknown', Err: '' }), '`Status` (null)'],
    ['Status.Err', { code: 1 }, '', '`Status.Err` (an object)'],
    ['Status.ContainerStatus', [], undefined, '`Status.ContainerStatus` (a list)'],
    ['Status.ContainerStatus.ExitCode', '1', undefined, '`Status.ContainerStatus.ExitCode` ("1")'],
    ['Slot', -3, undefined, '`Slot` (-3)'],
    ['JobIteration', { Index: 'first' }, { Index: 0 }, '`JobIteration.Index` ("first")'],
  ])('%s %j: the part is left out', (path, value, shown, what) => {
    const { entity, odd: named } = odd(path, value);
    expect(at(entity, path)).toEqual(shown);
    expect(named).toEqual([what].filter(Boolean));
  });

  test.each<[path: string, value: unknown]>([
    ['ID', undefined],
    ['ID', ''],
    ['ID', 5],
    ['ID', 'x'.repeat(1000)],
    ['NodeID', 5],
    ['NodeID', 'x'.repeat(1000)],
    ['ServiceID', {}],
  ])('with %s %j is left out, as it would be shown in another place', (path, value) => {
    const { entity, odd: named } = odd(path, value);
    expect(entity).toBeNull();
    expect(named).toEqual([expect.stringContaining(`\`${path}\``)]);
  });
});

test.each([null, 5, 'x', [], true])('%j is no entity', (json) => {
  expect(readEntity(taskReading.entity, json, taskReading.fallbacks).entity).toBeNull();
});

test('long text is cut', () => {
  const node = read(nodeReading, 'nodes', 'Description.Hostname', 'x'.repeat(1e6));
  expect(node.entity?.Description?.Hostname).toHaveLength(255);
  const task = read(taskReading, 'tasks', 'Status.Err', 'x'.repeat(1e6));
  expect(task.entity?.Status.Err).toHaveLength(4000);
});

test('a value of the engine cannot end the code in a sentence', () => {
  const { odd } = read(nodeReading, 'nodes', 'Spec.Labels', { '`rm`\n': null, x: '`' });
  expect(odd).toEqual(["`Spec.Labels.'rm' ` (null)"]);
});

describe('/info and /version', () => {
  test('odd parts are left out', () => {
    const info = captured('info');
    put(info, 'Labels', ['a', null]);
    put(info, 'Swarm.NodeAddr', 5);
    expect(infoReading.parse(info)).toMatchObject({
      read: { Labels: ['a'], Swarm: { NodeAddr: '' } },
      odd: ['`Labels` (null)', '`Swarm.NodeAddr` (5)'],
    });
    const version = captured('version');
    put(version, 'ApiVersion', 1.41);
    expect(versionReading.parse(version)).toMatchObject({
      read: { ApiVersion: '' },
      odd: ['`ApiVersion` (1.41)'],
    });
  });

  test('without a swarm or a version they are rejected', () => {
    expect(infoReading.safeParse({ Name: 'ctrl' }).success).toBe(false);
    expect(versionReading.safeParse({}).success).toBe(false);
    expect(versionReading.safeParse('20.10').success).toBe(false);
  });
});
