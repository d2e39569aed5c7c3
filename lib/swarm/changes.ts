import type { ReportedState } from './event-times';
import type { ReadSwitch } from './refusals';
import { isJob } from './replicas';
import { hasEnded } from './task-phase';
import type { SwarmChange } from './timeline-schemas';
import { oneLine, shortId } from './words';
import type { Availability, NodeView, ServiceView, SwarmView, TaskView } from './view';

/** The parts of a view that are compared. */
export type ChangeView = Pick<SwarmView, 'nodes' | 'services' | 'tasks'> &
  Partial<Pick<SwarmView, 'goneNodes' | 'refused'>>;

/**
 * The changes between two views, causes before effects: first what users did
 * to services and nodes, then changes of nodes, then changes of tasks. A list that is refused in one of the views
 * has none: what happened is unknown.
 */
export function changesBetween(before: ChangeView, after: ChangeView): SwarmChange[] {
  if (before === after) return [];
  const isKnown = (list: ReadSwitch) =>
    ![before, after].some(({ refused }) => refused?.reads.includes(list));
  const tasks = isKnown('TASKS') ? pairs(before.tasks, after.tasks) : [];
  const outdated = outdatedServices(tasks);
  const nodes = new Map([...before.nodes, ...after.nodes].map((node) => [node.id, node]));
  const names = new Map(
    [...(after.goneNodes ?? []), ...nodes.values()].map(({ id, name }) => [id, name]),
  );
  const services = new Map(after.services.map((service) => [service.id, service]));
  const changes = [
    ...(isKnown('SERVICES') ? pairs(before.services, after.services, outdated) : []).flatMap(
      ([old, now]) => serviceChanges(old, now, outdated),
    ),
    ...(isKnown('NODES') ? pairs(before.nodes, after.nodes) : []).flatMap(([old, now]) =>
      nodeChanges(old, now),
    ),
    ...tasks.flatMap(([old, now]) =>
      taskChanges(old, now, nodes, names, services.get((now ?? old)?.serviceId ?? '')),
    ),
  ];
  return changes.map((change) => ({ ...change, text: oneLine(change.text, LONGEST_TEXT) }));
}

/** Longest text of a change (characters): a day of them is kept, and an engine's error can have thousands. */
const LONGEST_TEXT = 400;

type Pair<T> = [before: T | undefined, after: T | undefined];

/**
 * Entities that differ between two lists or are `wanted`, matched by id; undefined where there is no
 * counterpart.
 */
function pairs<T extends { id: string }>(
  before: readonly T[],
  after: readonly T[],
  wanted: ReadonlySet<string> = new Set(),
): Pair<T>[] {
  const old = new Map(before.map((entity) => [entity.id, entity]));
  const changed: Pair<T>[] = [];
  for (const entity of after) {
    const was = old.get(entity.id);
    old.delete(entity.id);
    if (was !== entity || wanted.has(entity.id)) changed.push([was, entity]);
  }
  for (const gone of old.values()) changed.push([gone, undefined]);
  return changed;
}

/**
 * Services of which tasks that had the template have an old one now: any update does that. A task that is being
 * removed can be gone by the time of the engine's answer, which then lacks it.
 */
function outdatedServices(tasks: readonly Pair<TaskView>[]): Set<string> {
  return new Set(
    tasks.flatMap(([old, now]) =>
      old?.upToDate && now && !now.upToDate && now.desired !== 'remove' ? now.serviceId : [],
    ),
  );
}

function serviceChanges(
  old: ServiceView | undefined,
  now: ServiceView | undefined,
  outdated: ReadonlySet<string>,
): SwarmChange[] {
  const service = now ?? old;
  if (!service) return [];
  if (!old) return [ofService(service, 'service created', 'was created')];
  if (!now) return [ofService(service, 'service removed', 'was removed')];
  const changes: SwarmChange[] = [];
  if (old.replicas !== now.replicas && old.replicas !== null && now.replicas !== null) {
    changes.push(ofService(now, 'scaled', `was scaled from ${old.replicas} to ${now.replicas}`));
  }
  const hasNewTemplate = outdated.has(now.id) || old.image !== now.image;
  const state = now.update?.state;
  const isNext = isOther(old.update?.startedAt, now.update?.startedAt);
  const isNews = isNext || state !== old.update?.state;
  const why = reason(now.update?.message);
  const isNewRollback = isNext || state === 'rollback_started' || !isRollback(old);
  if (isNews && isRollback(now) && isNewRollback) {
    changes.push(ofService(now, 'rolled back', `was rolled back${why}`, true));
  } else if (hasNewTemplate) {
    const to = old.image === now.image || now.image === '' ? '' : ` to ${now.image}`;
    changes.push(ofService(now, 'updated', `was updated${to}`));
  } else if (isNews && state === 'updating' && old.update?.state === 'paused') {
    changes.push(ofService(now, 'updated', 'had its update resumed'));
  }
  if (isNews && (state === 'paused' || state === 'rollback_paused')) {
    changes.push(
      ofService(now, 'update paused', `had its ${pausedPart(state)} paused${why}`, true),
    );
  }
  return changes;
}

const SCALE = / from (\d+) to (\d+)$/;

/** The replicas before and after a scale. */
export function scaleOf({ text }: SwarmChange): { from: string; to: string } | null {
  const [, from, to] = SCALE.exec(text) ?? [];
  return from === undefined || to === undefined ? null : { from, to };
}

/** A scale as two, with this number of replicas between them; null if it is one. */
export function splitScale(
  change: SwarmChange,
  between: string,
): [first: SwarmChange, second: SwarmChange] | null {
  const scale = scaleOf(change);
  if (!scale || scale.from === between) return null;
  const scaled = (from: string, to: string) => ({
    ...change,
    text: change.text.replace(SCALE, ` from ${from} to ${to}`),
  });
  return [scaled(scale.from, between), scaled(between, scale.to)];
}

function ofService(
  { id, name }: ServiceView,
  kind: SwarmChange['kind'],
  text: string,
  bad = false,
): SwarmChange {
  const about = { serviceId: id, nodeId: null, taskId: null, time: null };
  return { kind, text: `${name} ${text}`, bad, ...about };
}

/** Whether two updates are known to be different ones, although they may have come to the same state. */
function isOther(before: number | undefined, now: number | undefined): boolean {
  return before !== undefined && now !== undefined && before !== now;
}

/** A state of a service's update that no view has shown. Why it was reached is not known. */
export function missedChange(service: ServiceView, state: ReportedState['state']): SwarmChange {
  if (state === 'rollback_started')
    return ofService(service, 'rolled back', 'was rolled back', true);
  return ofService(service, 'update paused', `had its ${pausedPart(state)} paused`, true);
}

/** The states of its service's update that a change shows. */
export function shownStates({ kind }: SwarmChange, { update }: ServiceView): ReportedState[] {
  const at = update?.startedAt ?? 0;
  if (kind === 'rolled back') return [{ state: 'rollback_started', at }];
  const state = update?.state;
  const isPaused = state === 'paused' || state === 'rollback_paused';
  return kind === 'update paused' && isPaused ? [{ state, at }] : [];
}

function pausedPart(state: 'paused' | 'rollback_paused'): string {
  return state === 'paused' ? 'update' : 'rollback';
}

function isRollback({ update }: ServiceView): boolean {
  return update?.state.startsWith('rollback') ?? false;
}

/** Swarm's `update paused due to failure of …` repeats the kind of change: only the reason is used. */
function reason(message: string | undefined): string {
  if (!message) return '';
  const due = /\bdue to .+/s.exec(message);
  return due ? ` ${due[0]}` : ` (${message})`;
}

const AVAILABILITY = {
  active: ['activated', 'was made active'],
  pause: ['paused', 'was paused'],
  drain: ['drained', 'was drained'],
} as const satisfies Record<Availability, readonly [SwarmChange['kind'], string]>;

function nodeChanges(old: NodeView | undefined, now: NodeView | undefined): SwarmChange[] {
  const node = now ?? old;
  if (!node) return [];
  const change = (kind: SwarmChange['kind'], text: string, bad = false): SwarmChange => {
    const about = { serviceId: null, nodeId: node.id, taskId: null, time: null };
    return { kind, text: `${node.name} ${text}`, bad, ...about };
  };
  if (!old) return [change('node joined', 'joined the swarm')];
  if (!now) return [change('node left', 'left the swarm', true)];
  const changes: SwarmChange[] = [];
  const { availability } = now;
  if (
    old.availability !== availability &&
    old.availability !== 'unknown' &&
    availability !== 'unknown'
  ) {
    const [kind, text] = AVAILABILITY[availability];
    changes.push(change(kind, text));
  }
  if (old.role !== now.role && old.listed && now.listed) {
    const [kind, role] =
      now.role === 'manager'
        ? (['promoted', 'a manager'] as const)
        : (['demoted', 'a worker'] as const);
    changes.push(change(kind, `became ${role}`));
  }
  if (isOut(now) && !isOut(old)) {
    changes.push(change('node down', `went down${now.message && ` (${now.message})`}`, true));
  }
  if (!isOut(now) && isOut(old)) changes.push(change('node up', 'came back'));
  if (now.leader && !old.leader) changes.push(change('leader', 'became the leader'));
  return changes;
}

/** A manager reports every node as `unknown` just after it started. */
function isOut({ state }: NodeView): boolean {
  return state === 'down' || state === 'disconnected';
}

function taskChanges(
  old: TaskView | undefined,
  now: TaskView | undefined,
  nodes: ReadonlyMap<string, NodeView>,
  names: ReadonlyMap<string, string>,
  service: ServiceView | undefined,
): SwarmChange[] {
  const task = now ?? old;
  if (!task || old?.state === now?.state) return [];
  const node = task.nodeId === null ? undefined : nodes.get(task.nodeId);
  const where = task.nodeId === null ? 'no node' : (names.get(task.nodeId) ?? shortId(task.nodeId));
  const change = (kind: SwarmChange['kind'], text: string, bad = false): SwarmChange => {
    const about = { serviceId: task.serviceId, nodeId: task.nodeId, taskId: task.id };
    return { kind, text, bad, ...about, time: now ? now.stateAt : null };
  };
  if (now?.state === 'running') return [change('task running', `${task.name} runs on ${where}`)];
  if (now?.state === 'rejected') {
    return [change('task rejected', `${task.name} on ${where} was rejected${fault(now)}`, true)];
  }
  if (now && hasDied(old, now, node, service)) {
    return [change('task failed', `${task.name} on ${where} died${fault(now)}`, true)];
  }
  const job = service !== undefined && isJob(service);
  // Includes tasks that were created, ran and ended between the two views.
  if (job && now?.phase === 'finished') {
    return [change('task stopped', `${task.name} completed on ${where}`)];
  }
  // A task that swarm no longer lists was reported when it ended; one that had ended when it was
  // first seen is history.
  if (old?.state !== 'running' || (now && !hasEnded(now.phase))) return [];
  return [change('task stopped', `${task.name} stopped on ${where}`)];
}

function fault({ exitCode, error }: TaskView): string {
  if (exitCode !== null && (exitCode > 0 || error === '')) return ` (exit ${exitCode})`;
  return error && ` (${error})`;
}

/**
 * Ended by itself: killed, crashed, unhealthy. Swarm's own endings are mostly `shutdown`, but a
 * process that ends quickly or with an error when it is stopped is `complete` or `failed` then, as one that
 * died; so a task that was scaled away, drained off its node or replaced by an update does not count
 * as failed. Nor does one on a node that was not ready: it was replaced long before.
 */
function hasDied(
  old: TaskView | undefined,
  now: TaskView,
  node: NodeView | undefined,
  service: ServiceView | undefined,
): boolean {
  const sentAway =
    now.desired === 'remove' ||
    !now.upToDate ||
    node?.availability === 'drain' ||
    old?.phase === 'lost';
  if (sentAway) return false;
  if (now.state === 'failed') return true;
  return now.phase === 'finished' && old?.phase === 'running' && !(service && isJob(service));
}
