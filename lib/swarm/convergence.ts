import { isJob } from './replicas';
import { isSameSlot, slotKey } from './task-slot';
import { mayRun, stateRank, type TaskState } from './task-state';
import type { Convergence, NodeView, ServiceView, TaskView } from './view';

/** How long all tasks must run before docker's client calls a service converged (ms), unless its UpdateConfig sets another time. */
export const DEFAULT_MONITOR_MS = 5000;

type SlotTask = Pick<TaskView, 'slot' | 'nodeId' | 'desired' | 'state'>;

/** Docker's client knows no number for these and skips such tasks (docker/cli progress.go, `numberedStates`). */
function isNumbered(state: TaskState): boolean {
  return state !== 'remove' && state !== 'orphaned' && state !== 'unknown';
}

/**
 * Which task stands for each slot, by the rule of docker's client (docker/cli progress.go,
 * `tasksBySlot`): tasks that are being removed or sit on a down node are left out; the lowest desired state
 * wins, then the lowest current state. Global services have a slot per node.
 */
export function tasksBySlot<T extends SlotTask>(
  tasks: readonly T[],
  downNodes: ReadonlySet<string>,
): Map<number | string, T> {
  const slots = new Map<number | string, T>();
  for (const task of tasks) {
    if (!isNumbered(task.desired) || !isNumbered(task.state)) continue;
    if (task.nodeId !== null && downNodes.has(task.nodeId)) continue;
    const slot = slotKey(task);
    const present = slots.get(slot);
    if (present) {
      const byDesired = stateRank(present.desired) - stateRank(task.desired);
      if (byDesired < 0) continue;
      if (byDesired === 0 && stateRank(present.state) <= stateRank(task.state)) continue;
    }
    slots.set(slot, task);
  }
  return slots;
}

/** Ids of the nodes whose tasks have an unknown state. */
export function downNodes(nodes: readonly Pick<NodeView, 'id' | 'state'>[]): Set<string> {
  return new Set(nodes.filter((node) => node.state === 'down').map((node) => node.id));
}

/** One line of the scale progress: a slot and the task that stands for it now. */
export interface SlotRow {
  /** `goweb.4`; for a global service the node's name. */
  name: string;
  slot: number | null;
  /** Null when the engine has made no task for the slot yet. */
  task: TaskView | null;
  /** The slot exceeds the desired replicas: its task is being stopped. */
  leaving: boolean;
}

/**
 * The rows that `docker service scale` prints, slots ascending. A replicated service always has
 * as many rows as desired replicas (its slots need not be 1…n after scaling, so the lowest
 * existing ones come first, then those that swarm has given up), and rows of slots that are still
 * shutting down after them. A job has the rows of its present iteration.
 */
export function slotRows(
  service: Pick<ServiceView, 'id' | 'name' | 'mode' | 'replicas'>,
  tasks: readonly TaskView[],
  nodes: readonly NodeView[],
): SlotRow[] {
  const job = isJob(service);
  const own = tasks.filter((task) => task.serviceId === service.id && (task.upToDate || !job));
  const down = downNodes(nodes);
  const rows: SlotRow[] = [];
  const staying = tasksBySlot(
    // Lost tasks are left out too: their node may not be listed.
    own.filter(({ desired, phase }) => mayRun(desired) && phase !== 'lost'),
    down,
  );
  const nodeName = new Map(nodes.map((node) => [node.id, node.name]));
  const nameOf = ({ slot, nodeId, name }: TaskView) =>
    slot === null ? (nodeName.get(nodeId ?? '') ?? name) : `${service.name}.${slot}`;
  for (const task of staying.values()) {
    rows.push({ name: nameOf(task), slot: task.slot, task, leaving: false });
  }
  for (const task of givenUp(own, staying)) {
    if (rows.length === service.replicas) break;
    rows.push({ name: nameOf(task), slot: task.slot, task, leaving: false });
  }
  if (service.replicas !== null) {
    const taken = new Set(rows.map((row) => row.slot));
    for (let slot = 1; rows.length < service.replicas; slot++) {
      if (taken.has(slot)) continue;
      rows.push({ name: `${service.name}.${slot}`, slot, task: null, leaving: false });
    }
  }
  for (const task of own) {
    if (task.phase !== 'leaving') continue;
    const hasRow = rows.some((row) =>
      row.task ? isSameSlot(row.task, task) : row.slot === task.slot,
    );
    if (!hasRow) rows.push({ name: nameOf(task), slot: task.slot, task, leaving: true });
  }
  return rows.sort((a, b) => (a.slot ?? 0) - (b.slot ?? 0) || (a.name < b.name ? -1 : 1));
}

/**
 * The last attempts in slots where swarm starts no further one: the restart policy allows none. Tasks of a
 * slot stand together, newest first.
 */
function givenUp(
  own: readonly TaskView[],
  staying: ReadonlyMap<number | string, TaskView>,
): TaskView[] {
  return own.filter((task, at) => {
    const newer = own[at - 1];
    const newest = !newer || !isSameSlot(newer, task);
    return newest && isGivenUp(task) && task.upToDate && !staying.has(slotKey(task));
  });
}

/** Whether a task has ended by itself and swarm started no other in its slot. */
export function isGivenUp({ phase, desired, nextTaskId }: TaskView): boolean {
  return (phase === 'failed' || phase === 'finished') && !mayRun(desired) && nextTaskId === null;
}

/** What is remembered of a service between two views: since when all its tasks run. */
export interface ConvergenceMemory {
  /** The service's version in the last view. */
  version: number;
  /** When the engine began the update or rollback of the last view; 0 without one. */
  startedAt: number;
  /** Since when all tasks run (ms); null while they do not. */
  since: number | null;
  /** The monitor window has passed. */
  verified: boolean;
  /** The monitor window has passed once since the last change: docker's client has ended. */
  ended: boolean;
  /** Broke while it was being verified; not after docker's client has ended. */
  detectedFailure: boolean;
  /** The engine's message about the rollback that is in progress; null without one. */
  rollback: string | null;
  /** The engine's message about a rollback that it completed before all tasks ran; null without one. */
  completed: string | null;
  /** Whether a task was seen since the last change. */
  hasTasks: boolean;
}

/** What one view shows of a service. */
export interface ConvergenceInput {
  /** The service's name; null where docker's client does not name it at the end (before 26). */
  name: string | null;
  version: number;
  /** A global service: the number of its tasks is known only when swarm has made them. */
  isGlobal: boolean;
  running: number;
  total: number;
  monitorMs: number;
  /** `message`: the engine's own, with ids. */
  update: { state: string; message: string; startedAt: number } | null;
}

/** From this version on docker's client names the service at the end: `verify: Service goweb converged`. */
const NAMES_SERVICE_SINCE = 26;

/** Whether the client that comes with an engine of this version names the service that has converged. */
export function clientNamesService(engineVersion: string): boolean {
  const major = Number.parseInt(engineVersion, 10);
  return Number.isNaN(major) || major >= NAMES_SERVICE_SINCE;
}

/**
 * Applies docker's convergence rule to one view (docker/cli progress.go, `ServiceProgress`): converged
 * when as many tasks run as desired, and that has held for the monitor window, whether or not the engine has completed
 * its update by then. A service that already runs in full in the very first view counts as converged: no change is in
 * progress.
 */
export function stepConvergence(
  before: ConvergenceMemory | undefined,
  input: ConvergenceInput,
  now: number,
): { memory: ConvergenceMemory; convergence: Convergence } {
  const { running, total, update } = input;
  const state = update?.state ?? '';
  // 0: the version could not be read.
  const version = input.version || (before?.version ?? 0);
  const startedAt = update?.startedAt ?? 0;
  // A new spec starts over, as each `docker service scale` does. The engine's reports on an update raise the version, too.
  const isSameChange =
    before?.version === version || (startedAt !== 0 && before?.startedAt === startedAt);
  const known = isSameChange ? before : undefined;
  const hasTasks = total > 0 || (known?.hasTasks ?? false);
  const isWaiting = input.isGlobal && !hasTasks;
  const all = running === total && !isWaiting;
  const since = all ? (known?.since ?? now) : null;
  const held = since === null ? 0 : now - since;
  // Docker's client ends without a verdict if the update is over before it sees the tasks run.
  const isOver = held >= input.monitorMs || (state === 'completed' && !known);
  const verified = all && (before === undefined || (known?.verified ?? false) || isOver);
  const rollback = rollbackMessage(update, known);
  // Docker's client ends without another look at the tasks, and then detects nothing. A view can also have the tasks of the
  // next change already.
  const hasHeld = known?.since != null && now - known.since >= input.monitorMs;
  const ended = (known?.ended ?? false) || hasHeld;
  const failed =
    !all && known !== undefined && !ended && (known.detectedFailure || known.since !== null);
  const memory: ConvergenceMemory = {
    version,
    startedAt,
    since,
    verified,
    ended: verified || ended,
    // An automatic rollback begins with such a failure, and its message says so.
    detectedFailure: failed && (rollback === null || known.rollback !== null),
    rollback,
    completed: completedMessage(update, before, known),
    hasTasks,
  };
  const isRollingBack =
    state === 'rollback_started' ||
    state === 'rollback_paused' ||
    // Docker's client goes on with `rolling back update` until it ends; after that nothing is rolled back.
    (state === 'rollback_completed' && !memory.ended);
  const count = isWaiting ? 'waiting for new tasks' : `${running} out of ${total} tasks`;
  const phrase = `overall progress: ${isRollingBack ? 'rolling back update: ' : ''}${count}`;
  const result = (phase: Convergence['phase'], verify: string | null) => ({
    memory,
    convergence: { running, total, phase, phrase, verify },
  });
  if (update && (state === 'paused' || state === 'rollback_paused')) {
    const what = state === 'paused' ? 'service update paused' : 'service rollback paused';
    return result('paused', `${what}: ${update.message}`);
  }
  if (!all) {
    const problem = memory.detectedFailure ? 'verify: Detected task failure' : null;
    return result(
      'converging',
      problem ?? (isRollingBack && rollback ? `rollback: ${rollback}` : null),
    );
  }
  if (verified) {
    const name = input.name === null ? '' : `${input.name} `;
    const { convergence } = result('converged', `verify: Service ${name}converged`);
    const last = memory.completed === null ? {} : { last: `rollback: ${memory.completed}` };
    return { memory, convergence: { ...convergence, ...last } };
  }
  // As docker's client rounds: 5 at first, never 0.
  const seconds = Math.max(1, Math.ceil((input.monitorMs - held) / 1000));
  return result(
    'verifying',
    `verify: Waiting ${seconds} seconds to verify that tasks are stable...`,
  );
}

/** The message with which the engine began a rollback; kept until the next change, as docker's client leaves it in place. */
function rollbackMessage(
  update: ConvergenceInput['update'],
  known: ConvergenceMemory | undefined,
): string | null {
  return update?.state === 'rollback_started' ? update.message : (known?.rollback ?? null);
}

/**
 * The message with which the engine completed a rollback, if not all tasks ran until then: docker's client repeats it at
 * its end.
 */
function completedMessage(
  update: ConvergenceInput['update'],
  before: ConvergenceMemory | undefined,
  known: ConvergenceMemory | undefined,
): string | null {
  // No client has waited for a change before the first view.
  const isAwaited = before !== undefined && !known?.ended && (known?.since ?? null) === null;
  const isCompleted = update?.state === 'rollback_completed';
  return isAwaited && isCompleted ? update.message : (known?.completed ?? null);
}
