import type { EngineNode, EngineTask } from './engine-json';
import { humanDuration } from './duration';

/**
 * Times of three clocks come together in a view: a task's `Status.Timestamp` is its node's, `CreatedAt` and
 * `UpdatedAt` are the manager's, and the page counts ages by the dashboard's. A Pi without a clock of its own can be
 * hours off, and jump when it gets the time from the network. So a view has times of the dashboard's clock only.
 */

/** Clocks that differ by less count as equal (ms): a report takes up to some seconds on a busy Zero. */
const TOLERANCE_MS = 30_000;
/** Evidence on a node's clock is shown for this long (ms): the clock may have been set since. */
const EVIDENCE_MS = 60 * 60_000;
/** A manager's clock counts as the dashboard's up to this difference (ms): `/info` takes up to a second. */
const MANAGER_TOLERANCE_MS = 5000;
/** How long before the last view something that is new in this one can have happened (ms). */
const LATE_MS = 2000;

/** The clocks that a view's times are computed with. */
export interface Clocks {
  /** The dashboard's time of this view and of the one before (ms); the latter is -Infinity for the first view. */
  now: number;
  lastView: number;
  /** How far the manager's clock is ahead of the dashboard's (ms). */
  managerAhead: number;
  /** By node id, how far its clock was ahead of the manager's at its last report; only those that differ. */
  nodesAhead: ReadonlyMap<string, NodeClock>;
}

/** What a node's last report shows of its clock. */
export interface NodeClock {
  ahead: number;
  /** When the report arrived, by the manager's clock (ms). */
  at: number;
}

/** Ignores small differences, which are latency, and small changes of a difference, so that ages do not jitter. */
export function managerClock(measured: number | null, before: number): number {
  if (measured === null || Math.abs(measured - before) < MANAGER_TOLERANCE_MS) return before;
  return Math.abs(measured) < MANAGER_TOLERANCE_MS ? 0 : measured;
}

/**
 * The nodes whose clocks differ from the manager's. Evidence is each node's newest task whose last write
 * was certainly the node's own report: it starts or runs, and should. Its `UpdatedAt` is when that report arrived.
 * Other tasks prove nothing: a job's task on a disconnected node reports hours late, and swarm itself writes to a task
 * that it stops or starts.
 */
export function nodeClocks(tasks: readonly EngineTask[]): Map<string, NodeClock> {
  const newest = new Map<string, EngineTask>();
  for (const task of tasks) {
    const { NodeID, Status, UpdatedAt, DesiredState } = task;
    const proves =
      DesiredState === 'running' && (Status.State === 'running' || Status.State === 'starting');
    if (!NodeID || !proves || Status.Timestamp === 0 || UpdatedAt === 0) continue;
    if ((newest.get(NodeID)?.Version.Index ?? -1) < task.Version.Index) newest.set(NodeID, task);
  }
  const clocks = new Map<string, NodeClock>();
  for (const [id, { Status, UpdatedAt }] of newest) {
    const ahead = Status.Timestamp - UpdatedAt;
    if (Math.abs(ahead) >= TOLERANCE_MS) clocks.set(id, { ahead, at: UpdatedAt });
  }
  return clocks;
}

/**
 * One sentence on a node's clock for its card; null when nothing recent shows that it is wrong. `isHere`: its engine is
 * the one that answers.
 */
export function clockWords(node: EngineNode, clocks: Clocks, isHere: boolean): string | null {
  const { now, managerAhead } = clocks;
  if (isHere && Math.abs(managerAhead) >= TOLERANCE_MS) {
    return `Its clock is ${difference(managerAhead)} the dashboard's`;
  }
  const clock = clocks.nodesAhead.get(node.ID);
  if (!clock || node.Status.State !== 'ready') return null;
  if (now - (clock.at - managerAhead) > EVIDENCE_MS) return null;
  return `At its last report its clock was ${difference(clock.ahead)} the manager's`;
}

/** `3 hours behind` */
function difference(ahead: number): string {
  return `${humanDuration(Math.abs(ahead))} ${ahead < 0 ? 'behind' : 'ahead of'}`;
}

/** A manager's time by the dashboard's clock, never later than now. */
export function ofManager(time: number, { now, managerAhead }: Clocks): number {
  return Math.min(now, time - managerAhead);
}

/** When something that is new in this view happened, from what the manager reports (0: nothing, as Go's zero time). */
export function managerTime(time: number, clocks: Clocks, late = 0): number {
  const reported = time === 0 ? clocks.now : ofManager(time, clocks);
  return Math.max(reported, Math.min(clocks.now, clocks.lastView - late));
}

/**
 * When a task got its state, by the dashboard's clock: by the node's clock where that can be right, which is between
 * the manager's first and last write to the task; else by the last write.
 */
export function taskStateTime(task: EngineTask, clocks: Clocks): number {
  const { CreatedAt, UpdatedAt, NodeID, Status } = task;
  const wrong = Status.Timestamp === 0 || clocks.nodesAhead.has(NodeID ?? '');
  let time = wrong ? UpdatedAt || CreatedAt : Status.Timestamp;
  if (UpdatedAt > 0) {
    // Created after it was last written: the manager's clock was set back in between.
    if (CreatedAt <= UpdatedAt) time = Math.max(time, CreatedAt);
    time = Math.min(time, UpdatedAt);
  }
  return managerTime(time, clocks, LATE_MS);
}
