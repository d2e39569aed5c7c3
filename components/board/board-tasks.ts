import { hasEnded, holdsSlot } from '@/lib/swarm/task-phase';
import { isSameSlot } from '@/lib/swarm/task-slot';
import type { ServiceView, SwarmView, TaskView } from '@/lib/swarm/view';
import type { Badge } from '@/lib/client/use-badges';

/** A failure stays on the board until its replacement has run for this long (ms). */
export const SETTLED_MS = 30_000;

/** One task as the board shows it. */
export interface BoardTask {
  /** The task's id. */
  id: string;
  task: TaskView;
  /** Name of its service. */
  service: string;
  /** Other failed tasks of the same slot that the engine still lists. */
  earlierFailures: number;
  /** For a lost task: when the dashboard first saw its node down. */
  lostAt: number | null;
  badge: Badge;
}

/** The board's tasks by node id; services in the view's order. */
export interface BoardTasks {
  /** Nodes that have left the swarm come after those of the view. */
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
  /** No node assigned yet. */
  waiting: readonly BoardTask[];
}

/**
 * Selects the tasks to show and sorts them by node: every task that has not ended, and the newest
 * ended task of a slot while it explains the slot's state. Lists and items that equal those in
 * `previous` are the same objects, so that memoized components do not render again.
 */
export function boardTasks(
  { services, tasks, nodes }: Pick<SwarmView, 'services' | 'tasks' | 'nodes'>,
  now: number,
  previous?: BoardTasks,
  badgeOf: (task: TaskView) => Badge = ({ slot }) => slot,
): BoardTasks {
  const servicesById = new Map(services.map((service) => [service.id, service]));
  const downSince = new Map(nodes.map(({ id, stateSince }) => [id, stateSince]));
  const shown = new Map<string, BoardTask[]>(services.map(({ id }) => [id, []]));
  for (let start = 0, end; start < tasks.length; start = end) {
    end = slotEnd(tasks, start);
    const slot = tasks.slice(start, end);
    const serviceId = slot[0]?.serviceId ?? '';
    const list = shown.get(serviceId) ?? [];
    list.push(...slotTasks(slot, servicesById.get(serviceId), downSince, now, badgeOf));
    shown.set(serviceId, list);
  }
  const lists = new Map<string, BoardTask[]>(nodes.map(({ id }) => [id, []]));
  const waiting: BoardTask[] = [];
  for (const one of [...shown.values()].flat()) {
    const { nodeId, phase } = one.task;
    const list = nodeId === null ? waiting : (lists.get(nodeId) ?? []);
    if (hasEnded(phase) && !downSince.has(nodeId ?? '')) continue;
    list.push(one);
    if (nodeId !== null) lists.set(nodeId, list);
  }
  const byNode = new Map<string, readonly BoardTask[]>();
  for (const [id, list] of lists) byNode.set(id, keepList(previous?.byNode.get(id), list));
  return { byNode, waiting: keepList(previous?.waiting, waiting) };
}

function keepList<T>(before: readonly T[] | undefined, after: readonly T[]): readonly T[] {
  if (before?.length !== after.length) return after;
  return after.every((item, at) => item === before[at]) ? before : after;
}

/** Index after the last task of the slot that starts at `start`: tasks of a slot are adjacent, newest first. */
function slotEnd(tasks: readonly TaskView[], start: number): number {
  const first = tasks[start];
  if (!first) return start;
  let end = start + 1;
  for (let next = tasks[end]; next && isSameSlot(next, first); next = tasks[end]) end++;
  return end;
}

function slotTasks(
  slot: readonly TaskView[],
  service: ServiceView | undefined,
  downSince: ReadonlyMap<string, number>,
  now: number,
  badgeOf: (task: TaskView) => Badge,
): BoardTask[] {
  const [task, other] = slot;
  // The view names a removed service's tasks after it.
  const name = service?.name ?? task?.name.replace(/\.[^.]*$/, '') ?? '';
  // Most slots of a large swarm.
  if (task && !other && task.phase === 'running') {
    return [boardTask(task, name, 0, null, badgeOf(task))];
  }
  const living = slot.filter(({ phase }) => !hasEnded(phase));
  const lastEnd = slot.find((task) => hasEnded(task.phase) && !endedUnsettled(task));
  // First, as it was there first: on a node a failure keeps its place while its replacements come and go.
  const shown =
    lastEnd && service && endIsShown(lastEnd, slot, service, now) ? [lastEnd, ...living] : living;
  const failures = slot.filter(({ phase }) => phase === 'failed').length;
  return shown.map((task) =>
    boardTask(
      task,
      name,
      task === lastEnd && task.phase === 'failed' ? failures - 1 : 0,
      task.phase === 'lost' ? (downSince.get(task.nodeId ?? '') ?? null) : null,
      badgeOf(task),
    ),
  );
}

const boardTaskOf = new WeakMap<TaskView, BoardTask>();

/** A new object only when it differs from the last one for the same task. */
function boardTask(
  task: TaskView,
  service: string,
  earlierFailures: number,
  lostAt: number | null,
  badge: Badge,
): BoardTask {
  const known = boardTaskOf.get(task);
  if (
    known?.service === service &&
    known.earlierFailures === earlierFailures &&
    known.lostAt === lostAt &&
    known.badge === badge
  ) {
    return known;
  }
  const made = { id: task.id, task, service, earlierFailures, lostAt, badge };
  boardTaskOf.set(task, made);
  return made;
}

/**
 * Shut down before it had run for long, as updates and rollbacks do with a replacement. It does
 * not explain the slot's state: the failure before it does.
 */
function endedUnsettled({ phase, createdAt, stateAt, seenAt, ranAt }: TaskView): boolean {
  const neverRan = seenAt !== null && ranAt === null;
  return phase === 'stopped' && (neverRan || stateAt - createdAt < SETTLED_MS);
}

function endIsShown(
  end: TaskView,
  slot: readonly TaskView[],
  service: ServiceView,
  now: number,
): boolean {
  // Swarm never removes the tasks of a job's earlier iterations.
  if (end.phase === 'stopped' || (service.job && !end.upToDate)) return false;
  // Its replacement was scaled away: the slot has started afresh since.
  if (end.nextTaskId !== null && !slot.some(({ id }) => id === end.nextTaskId)) return false;
  // An attempt that is stopping or lost now counts too: whatever follows it does not bring the failure back.
  if (slot.slice(0, slot.indexOf(end)).some((newer) => isSettled(newer, now))) return false;
  // What has ended without an error is a problem where it is explained: it had to keep running.
  const isProblem = end.phase === 'failed' || end.hint !== null;
  if (slot.some(({ phase }) => holdsSlot(phase))) return isProblem;
  // Slots above the replica count were scaled away.
  return end.slot === null || service.replicas === null || end.slot <= service.replicas;
}

/** `ranAt` is the dashboard's own time: the node's clock may be hours off. */
function isSettled({ phase, ranAt }: TaskView, now: number): boolean {
  return !hasEnded(phase) && ranAt !== null && now - ranAt >= SETTLED_MS;
}
