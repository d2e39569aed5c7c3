import { isGivenUp, type SlotRow } from '@/lib/swarm/convergence';
import { progressCells } from '@/lib/swarm/task-state';
import { isStarting, runsOrFinished } from '@/lib/swarm/task-phase';

/** A slot's row in the panel. */
export interface ProgressRow extends SlotRow {
  /** The slot no longer exists; its row stays until the service has settled. */
  readonly gone: boolean;
}

/**
 * Adds the rows of slots that have disappeared since the service last settled, so that the rows
 * below them do not move while it scales down.
 */
export function keepGoneRows(
  before: readonly ProgressRow[],
  rows: readonly SlotRow[],
  settled: boolean,
): ProgressRow[] {
  const present = rows.map((row) => ({ ...row, gone: false }));
  if (settled) return present;
  const names = new Set(rows.map(({ name }) => name));
  const gone = before
    .filter(({ name }) => !names.has(name))
    .map((row) => ({ ...row, task: null, leaving: true, gone: true }));
  if (gone.length === 0) return present;
  return [...present, ...gone].sort((a, b) => (a.slot ?? 0) - (b.slot ?? 0));
}

/** A row's state in one or two words, those of `docker service scale`, and its tone. */
export interface RowState {
  word: string;
  tone: 'ok' | 'warn' | 'bad' | 'faint';
}

/** The length of the bar that docker prints. */
const CELLS = 9;

/** The part of a row's bar that is filled, 0 to 1. Docker's client fills it for a completed job's task. */
export function rowProgress({ task }: ProgressRow): number {
  if (!task) return 0;
  return task.phase === 'finished' ? 1 : progressCells(task.state) / CELLS;
}

export function rowState({ task, leaving, gone }: ProgressRow): RowState {
  if (gone) return { word: 'gone', tone: 'faint' };
  if (leaving) return { word: 'shutting down', tone: 'faint' };
  if (!task) return { word: 'no task yet', tone: 'faint' };
  const { phase, state, error } = task;
  if (runsOrFinished(phase)) return { word: state, tone: isGivenUp(task) ? 'warn' : 'ok' };
  if (phase === 'waiting' && error !== '') return { word: state, tone: 'bad' };
  return { word: state, tone: isStarting(phase) || phase === 'unknown' ? 'warn' : 'bad' };
}
