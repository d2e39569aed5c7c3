import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { buildView, NO_MEMORY } from './build-view';
import { changesBetween } from './changes';
import { nodeRows, serviceRows, taskRows } from './cli';
import { slotRows } from './convergence';
import { nodeDetails, nodeDetailsSchema, taskDetails, taskDetailsSchema } from './details';
import {
  infoReading,
  nodeReading,
  serviceReading,
  taskReading,
  versionReading,
} from './engine-json';
import { historyRecordSchema, type HistoryRecord } from './history-records';
import { applyPatch, diffViews } from './patch';
import { listOf } from './read-list';
import type { Snapshot } from './snapshot';
import { TimelineRecorder } from './timeline';
import { swarmViewSchema, type SwarmView } from './view';

/** An odd entity is shown without its odd parts, and the others are unchanged. */

type Json = Record<string, unknown>;
const KINDS = ['nodes', 'services', 'tasks'] as const;
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
function captured(kind: Kind): Json[] {
  const list = JSON.parse(TEXTS[kind]) as Json[];
  list.forEach(FURTHER[kind]);
  // No two entities share a part.
  return JSON.parse(JSON.stringify(list)) as Json[];
}

const NOW = Date.UTC(2026, 10, 22, 13);
const viewOf = (snapshot: Snapshot, memory = NO_MEMORY) =>
  buildView(snapshot, OPTIONS, memory, NOW);
const GOOD_SNAPSHOT: Snapshot = KINDS.reduce(
  (snapshot, kind) => ({ ...snapshot, [kind]: READINGS[kind].parse(captured(kind)).entities }),
  capturedSnapshot(),
);
const GOOD = viewOf(GOOD_SNAPSHOT);

/** The snapshot with one list replaced. */
function snapshotWith(kind: Kind, list: unknown): Snapshot {
  const { entities, odd } = READINGS[kind].parse(list);
  return { ...GOOD_SNAPSHOT, [kind]: entities, odd: { ...GOOD_SNAPSHOT.odd, [kind]: odd } };
}

/** Every path of a JSON value. */
function pathsIn(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => pathsIn(one, [...path, key]))];
}

/** Sets what is at a path; undefined removes it. */
function put(json: Json, path: readonly string[], value: unknown): void {
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
const oddValue = fc.oneof(
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
const mutation = fc.constantFrom(...KINDS).chain((kind) =>
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

const without = <T extends { id: string }>(list: readonly T[], id: unknown) =>
  list.filter((one) => one.id !== id);

/** What everything that reads a view makes of it. */
function useEverywhere(before: SwarmView, after: SwarmView): void {
  const patch = diffViews(before, after);
  expect(patch ? applyPatch(before, JSON.parse(JSON.stringify(patch))) : before).toEqual(after);
  changesBetween(before, after);
  new TimelineRecorder().add(after, patch, before, 0);
  taskRows(after, 0);
  nodeRows(after);
  serviceRows(after);
  for (const service of after.services) slotRows(service, after.tasks, after.nodes);
}

/** The details of everything in a view, by id, as a browser receives them. */
function detailsOf(snapshot: Snapshot, view: SwarmView): Map<string, object | null> {
  const recorder = new TimelineRecorder();
  recorder.add(view, null, null, 0);
  const sent = <T>(schema: z.ZodMiniType<T>, details: T | null) =>
    schema.parse(JSON.parse(JSON.stringify(details)));
  return new Map<string, object | null>([
    ...view.tasks.map((task) => {
      const details = taskDetails(snapshot, task, recorder.taskStates(task.id));
      return [task.id, sent(taskDetailsSchema, details)] as const;
    }),
    ...view.nodes.map(
      (node) => [node.id, sent(nodeDetailsSchema, nodeDetails(snapshot, node))] as const,
    ),
  ]);
}
const GOOD_DETAILS = detailsOf(GOOD_SNAPSHOT, GOOD.view);

/** Restores views from the records that a file would have of them. */
function restored(...views: readonly SwarmView[]): SwarmView[] {
  const lines: string[] = [];
  const kept = (record: HistoryRecord) => lines.push(JSON.stringify(record));
  const recorder = new TimelineRecorder();
  recorder.keepIn({ add: kept, replace: () => {} });
  views.forEach((view, at) => {
    const before = views[at - 1] ?? null;
    recorder.add(view, before && diffViews(before, view), before, NOW + at);
  });
  const read = (records: readonly string[]) => {
    const again = new TimelineRecorder();
    again.restore(
      records.map((line) => historyRecordSchema.parse(JSON.parse(line))),
      NOW + views.length,
    );
    return views.map((_, at) => again.viewAt(NOW + at)!.view);
  };
  const whole = recorder.records().map((record) => JSON.stringify(record));
  expect(read(whole)).toEqual(views);
  return read(lines);
}

test('an odd entity of any kind leaves the others unchanged', () => {
  fc.assert(
    fc.property(mutation, ({ kind, index, edits }) => {
      const list = captured(kind);
      const entity = list[index]!;
      const id = entity['ID'];
      for (const [path, value] of edits) put(entity, path, structuredClone(value));
      const snapshot = snapshotWith(kind, list);
      const { view } = viewOf(snapshot, GOOD.memory);
      expect(swarmViewSchema.safeParse(JSON.parse(JSON.stringify(view))).success).toBe(true);

      const good = GOOD.view;
      const added = entity['ID'];
      const others = (of: SwarmView) => without(without(of[kind] as { id: string }[], id), added);
      // A service's mark depends on the names of the others, why a task waits on what the others have reserved.
      const unlinked = (of: { id: string }[]) =>
        of.map((one) => ({ ...one, nextTaskId: null, mark: null, hint: null, help: null }));
      expect(unlinked(others(view))).toEqual(unlinked(others(good)));
      // A service's numbers depend on its tasks.
      const ids = (of: { id: string }[]) => of.map((one) => one.id);
      expect(kind === 'nodes' ? [] : view.nodes).toEqual(kind === 'nodes' ? [] : good.nodes);
      expect(kind === 'services' ? [] : ids(view.services)).toEqual(
        kind === 'services' ? [] : ids(good.services),
      );
      useEverywhere(good, view);
      useEverywhere(view, good);
      expect(restored(good, view, good)).toEqual([good, view, good]);

      const details = detailsOf(snapshot, view);
      const changed = new Set([id, added]);
      for (const [other, expected] of GOOD_DETAILS) {
        // A task is named after its service; what is free on a node depends on its tasks and their services.
        const isNode = good.nodes.some((node) => node.id === other);
        if (changed.has(other) || isNode || !details.has(other)) continue;
        expect({ ...details.get(other), name: '' }).toEqual({ ...expected, name: '' });
      }
    }),
    { numRuns: 150 },
  );
});

test('what the engine reports of itself, however odd, leaves nodes, services and tasks as they are', () => {
  const files = { info: infoReading, version: versionReading };
  const whole = (name: keyof typeof files) =>
    JSON.parse(readFileSync(`tests/fixtures/engine/${name}.json`, 'utf8')) as Json;
  const edit = fc.constantFrom('info' as const, 'version' as const).chain((name) =>
    fc.record({
      name: fc.constant(name),
      edits: fc.array(fc.tuple(fc.constantFrom(...pathsIn(whole(name))), oddValue), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
  );
  fc.assert(
    fc.property(edit, ({ name, edits }) => {
      const json = whole(name);
      for (const [path, value] of edits) put(json, path, structuredClone(value));
      const reading = files[name].safeParse(json);
      const snapshot = { ...GOOD_SNAPSHOT, [name]: reading.success ? reading.data.read : null };
      const { view } = viewOf(snapshot, GOOD.memory);
      expect(swarmViewSchema.safeParse(JSON.parse(JSON.stringify(view))).success).toBe(true);
      // Which node is the engine's own, and its address, are in there.
      const shown = ({ nodes, services, tasks }: SwarmView) => [
        nodes.map(({ id, state, hostname }) => [id, state, hostname]),
        services.map(({ id, running, replicas }) => [id, running, replicas]),
        tasks.map(({ id, phase }) => [id, phase]),
      ];
      expect(shown(view)).toEqual(shown(GOOD.view));
    }),
  );
});

test('lists of arbitrary JSON are read without an error', () => {
  fc.assert(
    fc.property(fc.constantFrom(...KINDS), fc.array(oddValue), (kind, odd) => {
      const json = [...captured(kind), ...odd] as unknown[];
      const { view } = viewOf(snapshotWith(kind, json), GOOD.memory);
      expect(view[kind]).toEqual(GOOD.view[kind]);
    }),
  );
});

describe('ids that are used twice', () => {
  test('in two lists: a patch turns the old view into the new one', () => {
    const tasks = captured('tasks');
    const [node] = captured('nodes');
    tasks[0]!['ID'] = node!['ID'];
    const odd = viewOf(snapshotWith('tasks', tasks)).view;
    useEverywhere(odd, GOOD.view);
    useEverywhere(GOOD.view, odd);
    useEverywhere(odd, { ...odd, tasks: odd.tasks.slice(1), nodes: odd.nodes.toReversed() });
  });
});

describe('what the engine does not report is not shown as a fact', () => {
  const service = (edit: (spec: Json) => void) => {
    const list = captured('services');
    edit(list[0]!['Spec'] as Json);
    const id = list[0]!['ID'];
    return viewOf(snapshotWith('services', list)).view.services.find((one) => one.id === id)!;
  };

  test.each([null, undefined, -1])('%j replicas are no number to scale from', (Replicas) => {
    const shown = service((spec) => (spec['Mode'] = { Replicated: { Replicas } }));
    expect(shown).toMatchObject({ mode: 'replicated', replicas: null });
    expect(shown.convergence).toMatchObject({ verify: null });
    const [row] = serviceRows({ services: [shown] });
    expect(row?.replicas).toBe(`${shown.running}/?`);
  });

  test('a service without a mode has an unknown one', () => {
    const shown = service((spec) => (spec['Mode'] = {}));
    expect(shown).toMatchObject({ mode: 'unknown', replicas: null });
  });

  test('a port without a target is no port', () => {
    const list = captured('services');
    list[0]!['Endpoint'] = { Ports: [{ Protocol: 'tcp', PublishedPort: 9999 }] };
    const { view } = viewOf(snapshotWith('services', list));
    expect(view.services.find((one) => one.id === list[0]!['ID'])?.ports).toEqual([]);
  });
});

test('a task that is read in full later is shown in full, although its version is the same', () => {
  const list = captured('tasks');
  const [task] = list as [Json];
  const id = task['ID'];
  const image = GOOD.view.tasks.find((one) => one.id === id)?.image;
  delete task['Spec'];
  const odd = viewOf(snapshotWith('tasks', list));
  expect(odd.view.tasks.find((one) => one.id === id)?.image).toBe('');
  const { view } = viewOf(capturedSnapshot(), odd.memory);
  expect(view.tasks.find((one) => one.id === id)?.image).toBe(image);
});

test('an odd task that does not change keeps its identity, so that it is in no patch', () => {
  const list = captured('tasks');
  delete list[0]!['Spec'];
  const first = viewOf(snapshotWith('tasks', list));
  const again = captured('tasks');
  delete again[0]!['Spec'];
  const second = viewOf(snapshotWith('tasks', again), first.memory);
  expect(diffViews(first.view, second.view)).toBeNull();
  const id = list[0]!['ID'];
  const find = ({ view }: typeof first) => view.tasks.find((one) => one.id === id);
  expect(find(second)).toBe(find(first));
});
