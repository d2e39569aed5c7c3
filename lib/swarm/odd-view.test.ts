import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type * as z from 'zod/mini';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import {
  captured,
  GOOD,
  GOOD_SNAPSHOT,
  mutation,
  NOW,
  oddValue,
  pathsIn,
  put,
  snapshotWith,
  viewOf,
  KINDS,
  type Json,
} from '@/tests/factories/odd-view';
import { changesBetween } from './changes';
import { nodeRows, serviceRows, taskRows } from './cli';
import { slotRows } from './convergence';
import { nodeDetails, nodeDetailsSchema, taskDetails, taskDetailsSchema } from './details';
import { infoReading, versionReading } from './engine-json';
import { historyRecordSchema, type HistoryRecord } from './history-records';
import { applyPatch, diffViews } from './patch';
import type { Snapshot } from './snapshot';
import { TimelineRecorder } from './timeline';
import { swarmViewSchema, type SwarmView } from './view';

/** An odd entity is shown without its odd parts, and the others are unchanged. */

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
