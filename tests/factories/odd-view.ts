import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { buildView, NO_MEMORY } from '@/lib/swarm/build-view';
import { nodeReading, serviceReading, taskReading } from '@/lib/swarm/engine-json';
import { listOf } from '@/lib/swarm/read-list';
import type { Snapshot } from '@/lib/swarm/snapshot';
import { capturedSnapshot } from '../fixtures/engine';

/** Swarms of which one entity has odd parts. */

/** A JSON object. */
export type Json = Record<string, unknown>;
/** The engine's lists. */
export const KINDS = ['nodes', 'services', 'tasks'] as const;
type Kind = (typeof KINDS)[number];
const READINGS = {
  nodes: listOf(nodeReading).whole,
  services: listOf(serviceReading).whole,
  tasks: listOf(taskReading).whole,
};
const OPTIONS = { hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'], echoService: 'goweb' };
const TEXTS = Object.fromEntries(
  KINDS.map((kind) => [kind, readFileSync(`tests/fixtures/engine/${kind}.json`, 'utf8')]),
) as Record<Kind, string>;

/** Everything that a service's and its tasks' definition can hold and that is read. */
const SPEC = {
  ContainerSpec: {
    Image: `carmeloc/goweb:1.0@sha256:${'ab'.repeat(32)}`,
    Hostname: 'h',
    Mounts: [{ Type: 'volume', VolumeOptions: { DriverConfig: { Name: 'nfs' } } }],
  },
  Resources: {
    Reservations: {
      NanoCPUs: 1e8,
      MemoryBytes: 2 ** 24,
      GenericResources: [
        { DiscreteResourceSpec: { Kind: 'gpu', Value: 1 } },
        { NamedResourceSpec: { Kind: 'ssd', Value: 'a' } },
      ],
    },
    Limits: { NanoCPUs: 2e8, MemoryBytes: 2 ** 25 },
  },
  LogDriver: { Name: 'json-file' },
  Placement: {
    MaxReplicas: 4,
    Constraints: ['node.role==worker'],
    Platforms: [{ Architecture: 'amd64', OS: 'linux' }],
  },
};
const PORTS = [{ Protocol: 'tcp', TargetPort: 8080, PublishedPort: 8888, PublishMode: 'ingress' }];
const HOST_PORTS = [
  { Protocol: 'tcp', TargetPort: 81, PublishedPort: 32_768, PublishMode: 'host' },
];
/** What the captured entities have not got. */
const FURTHER: Readonly<Record<Kind, (json: Json) => void>> = {
  nodes(json) {
    Object.assign(json['Spec'] as Json, { Labels: { rack: 'a', 'clusterhat.port': '' } });
    const { Resources, Engine } = json['Description'] as Record<string, Json>;
    Resources!['GenericResources'] = SPEC.Resources.Reservations.GenericResources;
    Engine!['Labels'] = { arch: 'armv6' };
  },
  services(json) {
    Object.assign(json['Spec'] as Json, { TaskTemplate: SPEC, UpdateConfig: { Monitor: 5e9 } });
    Object.assign(json, {
      PreviousSpec: { Mode: { Replicated: { Replicas: 2 } }, TaskTemplate: SPEC },
      Endpoint: { Ports: [...PORTS, ...HOST_PORTS] },
      UpdateStatus: {
        State: 'paused',
        Message: 'update paused due to failure or early termination of task 5leisfsfgyu9',
        StartedAt: '2026-11-22T12:31:00Z',
        CompletedAt: '2026-11-22T12:32:00Z',
      },
    });
  },
  tasks(json) {
    const { Status } = json as Record<string, Json>;
    Object.assign(Status!, { PortStatus: { Ports: HOST_PORTS } });
    const NetworksAttachments = [{ Network: { DriverState: { Name: 'overlay' } } }];
    Object.assign(json, { Spec: SPEC, NetworksAttachments, JobIteration: { Index: 0 } });
  },
};

/** The captured lists, with every field that is read. */
export function captured(kind: Kind): Json[] {
  const list = JSON.parse(TEXTS[kind]) as Json[];
  list.forEach(FURTHER[kind]);
  // No two entities share a part.
  return JSON.parse(JSON.stringify(list)) as Json[];
}

/** The time of the views. */
export const NOW = Date.UTC(2026, 10, 22, 13);
/** The view of a snapshot. */
export const viewOf = (snapshot: Snapshot, memory = NO_MEMORY) =>
  buildView(snapshot, OPTIONS, memory, NOW);
/** Without anything odd. */
export const GOOD_SNAPSHOT: Snapshot = KINDS.reduce(
  (snapshot, kind) => ({ ...snapshot, [kind]: READINGS[kind].parse(captured(kind)).entities }),
  capturedSnapshot(),
);
export const GOOD = viewOf(GOOD_SNAPSHOT);

/** The snapshot with one list replaced. */
export function snapshotWith(kind: Kind, list: unknown): Snapshot {
  const { entities, odd } = READINGS[kind].parse(list);
  return { ...GOOD_SNAPSHOT, [kind]: entities, odd: { ...GOOD_SNAPSHOT.odd, [kind]: odd } };
}

/** Every path of a JSON value. */
export function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key]))];
}

/** Sets what is at a path; undefined removes it. */
export function put(json: Json, path: readonly string[], value: unknown): void {
  let at = json;
  for (const key of path.slice(0, -1)) {
    if (typeof at[key] !== 'object' || at[key] === null) return;
    at = at[key] as Json;
  }
  const last = path.at(-1);
  if (last === undefined) return;
  if (value === undefined) delete at[last];
  else at[last] = value;
}

/** Values that are sometimes, or never, where they are read. */
export const oddValue = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    'weird',
    '0001-01-01T00:00:00Z',
    '-1',
    'x'.repeat(5000),
    '\u0000\u001b[31m\u202e`$(id)`<img>',
    0,
    -1,
    1.5,
    2 ** 53,
    1e308,
    Infinity,
    true,
    [],
    [null],
    {},
    { Index: null },
    { a: { b: [1] } },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

/** One to three odd parts of one entity. */
export const mutation = fc.constantFrom(...KINDS).chain((kind) =>
  fc.nat({ max: captured(kind).length - 1 }).chain((index) =>
    fc.record({
      kind: fc.constant(kind),
      index: fc.constant(index),
      edits: fc.array(
        fc.tuple(
          fc.constantFrom(...pathsIn(captured(kind)[index]).filter((path) => path.length > 0)),
          oddValue,
        ),
        { minLength: 1, maxLength: 3 },
      ),
    }),
  ),
);
