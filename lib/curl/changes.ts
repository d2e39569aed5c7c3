import { isEnded } from '../swarm/task-state';
import type { NodeView, ServiceView, SwarmView, TaskView } from '../swarm/view';
import type { Mark } from './run';

/** What happened to the swarm between two pictures, as far as it can matter to a run. */

/** The parts of a picture in which changes are looked for. */
export type ChangeView = Pick<SwarmView, 'nodes' | 'services' | 'tasks'>;

/** One change, in words that read well before `at 12:04:31`. */
export interface Change extends Pick<Mark, 'kind' | 'text' | 'taskId' | 'nodeId'> {
  /** When it happened by the clock of the node that told it, ms since the epoch; null: not told. */
  readonly time: number | null;
}

/** The changes from one picture to the next: the service's own, its tasks', every node's. */
export function changesBetween(before: ChangeView, after: ChangeView, serviceId: string): Change[] {
  if (before === after) return [];
  return [
    ...nodeChanges(before, after),
    ...serviceChanges(before, after, serviceId),
    ...taskFailures(before, after, serviceId),
  ];
}

const byId = <T extends { id: string }>(things: readonly T[]) =>
  new Map(things.map((thing) => [thing.id, thing]));

function nodeChanges(before: ChangeView, after: ChangeView): Change[] {
  const known = byId(before.nodes);
  const present = byId(after.nodes);
  const change = (node: NodeView, kind: Mark['kind'], text: string): Change => ({
    kind,
    text: `${node.name} ${text}`,
    taskId: null,
    nodeId: node.id,
    time: null,
  });
  const changes: Change[] = [];
  for (const node of after.nodes) {
    const old = known.get(node.id);
    if (!old) {
      changes.push(change(node, 'node up', 'joined the swarm'));
      continue;
    }
    if (isOut(node) && !isOut(old)) changes.push(change(node, 'node down', 'went down'));
    if (!isOut(node) && isOut(old)) changes.push(change(node, 'node up', 'came back'));
    if (node.availability !== old.availability) {
      const [kind, text] = AVAILABILITY[node.availability];
      changes.push(change(node, kind, text));
    }
  }
  for (const node of before.nodes) {
    if (!present.has(node.id)) changes.push(change(node, 'node down', 'left the swarm'));
  }
  return changes;
}

const AVAILABILITY = {
  active: ['activate', 'was made active'],
  pause: ['pause', 'was paused'],
  drain: ['drain', 'was drained'],
} as const satisfies Record<NodeView['availability'], readonly [Mark['kind'], string]>;

/** `unknown` is what a manager says of all nodes just after it started: no news of any of them. */
function isOut(node: NodeView): boolean {
  return node.state === 'down' || node.state === 'disconnected';
}

function serviceChanges(before: ChangeView, after: ChangeView, serviceId: string): Change[] {
  const old = before.services.find((service) => service.id === serviceId);
  const now = after.services.find((service) => service.id === serviceId);
  if (!old || !now) return [];
  const change = (kind: Mark['kind'], text: string): Change => ({
    kind,
    text: `${now.name} ${text}`,
    taskId: null,
    nodeId: null,
    time: null,
  });
  const changes: Change[] = [];
  if (old.replicas !== now.replicas && old.replicas !== null && now.replicas !== null) {
    changes.push(change('scale', `was scaled from ${old.replicas} to ${now.replicas}`));
  }
  if (isOutdated(before, after, serviceId) || old.image !== now.image) {
    changes.push(
      rolledBack(old, now)
        ? change('rollback', 'was rolled back')
        : change('update', old.image === now.image ? 'was updated' : `was updated to ${now.image}`),
    );
  }
  return changes;
}

/** Whether tasks that were of the service's template are of an old one now: any update does that. */
function isOutdated(before: ChangeView, after: ChangeView, serviceId: string): boolean {
  const old = byId(before.tasks);
  return after.tasks.some(
    (task) => task.serviceId === serviceId && !task.upToDate && old.get(task.id)?.upToDate,
  );
}

function rolledBack(old: ServiceView, now: ServiceView): boolean {
  const state = now.update?.state ?? '';
  return state.startsWith('rollback') && state !== old.update?.state;
}

/** Tasks that ran and were meant to, and have ended: killed, crashed, unhealthy. */
function taskFailures(before: ChangeView, after: ChangeView, serviceId: string): Change[] {
  const old = byId(before.tasks);
  const nodes = byId(after.nodes);
  return after.tasks.flatMap((task) => {
    const node = task.nodeId === null ? undefined : nodes.get(task.nodeId);
    const ran = task.serviceId === serviceId && old.get(task.id)?.counts;
    if (!ran || !hasDied(task, node)) return [];
    return {
      kind: 'task failed' as const,
      text: `${task.name}${task.nodeId === null ? '' : ` on ${node?.name ?? task.nodeId}`} died`,
      taskId: task.id,
      nodeId: task.nodeId,
      time: task.stateAt,
    };
  });
}

/**
 * Ended by itself. Swarm's own endings are mostly `shutdown`, but a process that is quick or ends
 * badly when told to stop is `complete` or `failed` then, as one that died; so a task that was
 * scaled away, drained off its node or replaced by an update is not held to have died.
 */
function hasDied(task: TaskView, node: NodeView | undefined): boolean {
  const sentAway =
    task.desired === 'remove' ||
    !task.upToDate ||
    (node !== undefined && node.availability === 'drain');
  const ended = isEnded(task.state) && !['shutdown', 'remove', 'orphaned'].includes(task.state);
  return ended && !sentAway;
}
