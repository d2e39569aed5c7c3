import { mayRun, type TaskState } from './task-state';

/**
 * A task's meaning for a viewer, in one word. Swarm reports two states for each task,
 * its current and its desired state; whether they are still true depends on a third fact: whether
 * its node is down. This file is the only place that combines the three.
 */
export const TASK_PHASES = [
  /** No node yet: new, or pending until one is found. */
  'waiting',
  /** On a node and not running yet. */
  'starting',
  'running',
  /** Not ended, but swarm is stopping it. */
  'leaving',
  /** Not ended as far as swarm knows, but its node is down: its real state is unknown. */
  'lost',
  /** Ended by itself with exit code 0: the normal end of a job's task. */
  'finished',
  /** Ended with an error, or could not be started. */
  'failed',
  /** Ended because swarm stopped it. */
  'stopped',
  /** A current state that this version does not know. */
  'unknown',
] as const;

/** See `TASK_PHASES`. */
export type TaskPhase = (typeof TASK_PHASES)[number];

/** What decides a task's phase. */
export interface PhaseInput {
  state: TaskState;
  desired: TaskState;
  /** Whether the task's node is down; false when it has none. */
  onDownNode: boolean;
}

/** The phase of each state that is an end. */
const ENDS: Partial<Record<TaskState, TaskPhase>> = {
  complete: 'finished',
  failed: 'failed',
  rejected: 'failed',
  shutdown: 'stopped',
  remove: 'stopped',
  orphaned: 'stopped',
};

/** The states in which swarm has not found a node yet (swarmkit's scheduler moves on from `pending`). */
const WITHOUT_NODE: ReadonlySet<TaskState> = new Set(['new', 'allocated', 'pending']);

/** A task's phase. An end is final, so it is known even when the node has gone down since. */
export function taskPhase({ state, desired, onDownNode }: PhaseInput): TaskPhase {
  const end = ENDS[state];
  if (end) return end;
  if (onDownNode) return 'lost';
  if (!mayRun(desired)) return 'leaving';
  if (state === 'unknown' || state === 'running') return state;
  return WITHOUT_NODE.has(state) ? 'waiting' : 'starting';
}

/** The task never runs again. */
export function hasEnded(phase: TaskPhase): boolean {
  return phase === 'finished' || phase === 'failed' || phase === 'stopped';
}

/** As it should be: running, or finished as a job's task. */
export function runsOrFinished(phase: TaskPhase): boolean {
  return phase === 'running' || phase === 'finished';
}

/** On its way to running. */
export function isStarting(phase: TaskPhase): boolean {
  return phase === 'waiting' || phase === 'starting';
}

/** Occupies its slot: runs or may still run. A leaving or lost task has or gets a replacement. */
export function holdsSlot(phase: TaskPhase): boolean {
  return phase === 'running' || isStarting(phase) || phase === 'unknown';
}
