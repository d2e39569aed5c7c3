import * as z from 'zod/mini';
import { isBroken } from './task-state';
import type { NodeView, ServiceView, SwarmView, TaskView } from './view';

/** What can happen to a swarm, for the timeline. */
export const CHANGE_KINDS = [
  'service created',
  'service removed',
  'scaled',
  'updated',
  'rolled back',
  'task running',
  'task failed',
  'task stopped',
  'node down',
  'node up',
  'node joined',
  'node left',
  'availability',
  'leader',
] as const;

/** Something that happened between two looks, in words and with what it is about. */
export const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  /** `goweb scaled 3 → 5`, `goweb.2 failed (exit 137) on zero3` */
  text: z.string(),
  /** Whether it is bad news. */
  bad: z.boolean(),
  serviceId: z.nullable(z.string()),
  nodeId: z.nullable(z.string()),
  taskId: z.nullable(z.string()),
});
export type Change = z.infer<typeof changeSchema>;

const about = (ids: Partial<Pick<Change, 'serviceId' | 'nodeId' | 'taskId'>>) => ({
  serviceId: null,
  nodeId: null,
  taskId: null,
  ...ids,
});

/**
 * What happened between two views, in the order in which it makes sense to tell it: what people
 * did to services and nodes first, then what nodes did, then what became of tasks.
 */
export function changesBetween(before: SwarmView, after: SwarmView): Change[] {
  const names = new Map([...before.nodes, ...after.nodes].map((node) => [node.id, node.name]));
  const nodeName = (id: string | null) => (id === null ? 'no node' : (names.get(id) ?? id));
  return [
    ...pairs(before.services, after.services).flatMap(([old, now]) => serviceChanges(old, now)),
    ...pairs(before.nodes, after.nodes).flatMap(([old, now]) => nodeChanges(old, now)),
    ...pairs(before.tasks, after.tasks).flatMap(([old, now]) => taskChanges(old, now, nodeName)),
  ];
}

/** Entities that differ between two lists, matched by id; undefined where there is no counterpart. */
function pairs<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
): [T | undefined, T | undefined][] {
  const old = new Map(before.map((entity) => [entity.id, entity]));
  const changed: [T | undefined, T | undefined][] = [];
  for (const entity of after) {
    const was = old.get(entity.id);
    old.delete(entity.id);
    if (was !== entity) changed.push([was, entity]);
  }
  for (const gone of old.values()) changed.push([gone, undefined]);
  return changed;
}

function serviceChanges(old: ServiceView | undefined, now: ServiceView | undefined): Change[] {
  const service = now ?? old;
  if (!service) return [];
  const ids = about({ serviceId: service.id });
  const { name } = service;
  if (!old) return [{ kind: 'service created', text: `${name} created`, bad: false, ...ids }];
  if (!now) return [{ kind: 'service removed', text: `${name} removed`, bad: false, ...ids }];
  const changes: Change[] = [];
  if (old.replicas !== now.replicas) {
    const text = `${name} scaled ${old.replicas} → ${now.replicas}`;
    changes.push({ kind: 'scaled', text, bad: false, ...ids });
  }
  if (old.image !== now.image) {
    const text = `${name} updated to ${now.image}`;
    changes.push({ kind: 'updated', text, bad: false, ...ids });
  }
  if (old.update?.state !== now.update?.state && now.update) {
    const { state, message } = now.update;
    const rollback = state.startsWith('rollback');
    const paused = state.endsWith('paused');
    if (rollback || paused || state === 'updating') {
      const text = `${name}: ${message || state.replaceAll('_', ' ')}`;
      changes.push({
        kind: rollback ? 'rolled back' : 'updated',
        text,
        bad: rollback || paused,
        ...ids,
      });
    }
  }
  return changes;
}

const AVAILABILITY: Record<NodeView['availability'], string> = {
  active: 'takes tasks again',
  pause: 'paused: it takes no new tasks',
  drain: 'drained: its tasks move away',
};

function nodeChanges(old: NodeView | undefined, now: NodeView | undefined): Change[] {
  const node = now ?? old;
  if (!node) return [];
  const ids = about({ nodeId: node.id });
  const { name } = node;
  if (!old) return [{ kind: 'node joined', text: `${name} joined the swarm`, bad: false, ...ids }];
  if (!now) return [{ kind: 'node left', text: `${name} left the swarm`, bad: true, ...ids }];
  const changes: Change[] = [];
  if (old.availability !== now.availability) {
    const text = `${name} ${AVAILABILITY[now.availability]}`;
    changes.push({ kind: 'availability', text, bad: false, ...ids });
  }
  if (old.state !== now.state) {
    if (now.state === 'ready')
      changes.push({ kind: 'node up', text: `${name} is back`, bad: false, ...ids });
    else if (old.state === 'ready') {
      const why = now.message ? `: ${now.message}` : '';
      changes.push({ kind: 'node down', text: `${name} is ${now.state}${why}`, bad: true, ...ids });
    }
  }
  if (now.leader && !old.leader) {
    changes.push({ kind: 'leader', text: `${name} is the leader now`, bad: false, ...ids });
  }
  return changes;
}

function taskChanges(
  old: TaskView | undefined,
  now: TaskView | undefined,
  nodeName: (id: string | null) => string,
): Change[] {
  // A task that swarm has forgotten was told when it ended.
  if (!now) return old?.state === 'running' ? [stopped(old, nodeName)] : [];
  const was = old?.state;
  const { state } = now;
  if (was === state) return [];
  const ids = about({ serviceId: now.serviceId, nodeId: now.nodeId, taskId: now.id });
  const place = `on ${nodeName(now.nodeId)}`;
  if (state === 'running') {
    return [{ kind: 'task running', text: `${now.name} runs ${place}`, bad: false, ...ids }];
  }
  if (isBroken(state)) {
    const why = now.exitCode ? ` (exit ${now.exitCode})` : now.error ? `: ${now.error}` : '';
    return [
      { kind: 'task failed', text: `${now.name} ${state}${why} ${place}`, bad: true, ...ids },
    ];
  }
  // What had ended before we first saw it is history, not news.
  if (was === 'running') return [stopped(now, nodeName)];
  return [];
}

function stopped(task: TaskView, nodeName: (id: string | null) => string): Change {
  const ids = about({ serviceId: task.serviceId, nodeId: task.nodeId, taskId: task.id });
  const text = `${task.name} stopped on ${nodeName(task.nodeId)}`;
  return { kind: 'task stopped', text, bad: false, ...ids };
}
