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
  /** The service's version in the last view: a new spec starts over. */
  version: number;
  /** Since when all tasks run (ms); null while they do not. */
  since: number | null;
  /** The monitor window has passed. */
  verified: boolean;
  /** Broke while it was being verified. */
  detectedFailure: boolean;
}

/** What one view shows of a service. */
export interface ConvergenceInput {
  version: number;
  running: number;
  total: number;
  monitorMs: number;
  update: { state: string; message: string } | null;
}

/**
 * Applies docker's convergence rule to one view (docker/cli progress.go, `ServiceProgress`): converged
 * when as many tasks run as desired, and that has held for the monitor window. A service
 * that already runs in full in the very first view counts as converged: no change is in progress.
 */
export function stepConvergence(
  before: ConvergenceMemory | undefined,
  input: ConvergenceInput,
  now: number,
): { memory: ConvergenceMemory; convergence: Convergence } {
  const { running, total, update } = input;
  // Docker's client goes on with `rolling back update` when the rollback has completed; nothing is rolled back then.
  const rollback = update?.state === 'rollback_started' || update?.state === 'rollback_paused';
  const paused = update?.state === 'paused' || update?.state === 'rollback_paused';
  const all = running === total;
  // 0: the version could not be read.
  const version = input.version || (before?.version ?? 0);
  // A new spec starts over, as each `docker service scale` does.
  const known = before?.version === version ? before : undefined;
  const memory: ConvergenceMemory = {
    version,
    since: all ? (known?.since ?? now) : null,
    verified: all && (before === undefined || (known?.verified ?? false)),
    detectedFailure: !all && known !== undefined && (known.detectedFailure || known.since !== null),
  };
  const updating = update?.state === 'updating' || update?.state === 'rollback_started';
  const held = memory.since === null ? 0 : now - memory.since;
  if (all && (held >= input.monitorMs || update?.state === 'completed')) memory.verified = true;
  const phrase = `${rollback ? 'rolling back update' : 'overall progress'}: ${running} out of ${total} tasks`;
  const result = (phase: Convergence['phase'], verify: string | null) => ({
    memory,
    convergence: { running, total, phase, phrase, verify },
  });
  if (paused) {
    const what = update.state === 'paused' ? 'service update paused' : 'service rollback paused';
    return result('paused', `${what}: ${update.message}`);
  }
  if (!all)
    return result('converging', memory.detectedFailure ? 'verify: Detected task failure' : null);
  if (memory.verified && !updating) return result('converged', 'verify: Service converged');
  const seconds = Math.max(1, Math.ceil((input.monitorMs - held) / 1000));
  return result(
    updating ? 'converging' : 'verifying',
    `verify: Waiting ${seconds} seconds to verify that tasks are stable...`,
  );
}
