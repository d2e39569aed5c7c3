import { isStarting } from '@/lib/swarm/task-phase';
import type { SlotRow } from '@/lib/swarm/convergence';
import type { TaskView } from '@/lib/swarm/view';

/** A slot's line in the panel. */
export interface PanelRow extends SlotRow {
  /** The slot existed when the scaling began and is gone by now: kept so that nothing jumps. */
  readonly gone: boolean;
}

/**
 * The rows with those that have vanished since the service last stood still: they keep their
 * places, empty, until it does again. Otherwise each task that leaves would move all below it.
 */
export function holdRows(
  before: readonly PanelRow[],
  rows: readonly SlotRow[],
  settled: boolean,
): PanelRow[] {
  const present = rows.map((row) => ({ ...row, gone: false }));
  if (settled) return present;
  const names = new Set(rows.map(({ name }) => name));
  const gone = before
    .filter(({ name }) => !names.has(name))
    .map((row) => ({ ...row, task: null, leaving: true, gone: true }));
  if (gone.length === 0) return present;
  return [...present, ...gone].sort((a, b) => (a.slot ?? 0) - (b.slot ?? 0));
}

/** How a row's state is shown. */
export interface RowState {
  word: string;
  /** CSS colour of the bar and the word. */
  tone: 'ok' | 'warn' | 'bad' | 'faint';
}

/** A row's state in one or two words, as `docker service scale` says it. */
export function rowState({ task, leaving, gone }: PanelRow): RowState {
  if (gone) return { word: 'gone', tone: 'faint' };
  if (leaving) return { word: 'shutting down', tone: 'faint' };
  if (!task) return { word: 'no task yet', tone: 'faint' };
  const { phase, state, error } = task;
  if (phase === 'running' || phase === 'finished') return { word: state, tone: 'ok' };
  if (phase === 'waiting' && error !== '') return { word: state, tone: 'bad' };
  return { word: state, tone: isStarting(phase) || phase === 'unknown' ? 'warn' : 'bad' };
}

/** Why some slots do not run, in plain words; slots with the same reason stand together. */
export interface Reason {
  /** `goweb.4`, `goweb.5` */
  names: string[];
  /** `waits` for a slot that never ran here, `failed` where its last try broke. */
  verb: 'waits' | 'failed';
  /** Plain words, else the engine's own. */
  text: string;
  /** The row of /help that has more; null where `text` is the engine's. */
  help: string | null;
  /** The engine's own words where `text` is ours; else null. */
  engine: string | null;
}

/**
 * The reasons for all rows that do not run: of the slot's task, or, while swarm tries again,
 * of its last try that broke. `tasks` are newest first within a slot, as a view has them.
 */
export function reasonsOf(rows: readonly PanelRow[], tasks: readonly TaskView[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { name, slot, task, leaving } of rows) {
    if (!task || leaving || task.phase === 'running' || task.phase === 'finished') continue;
    const told = task.error === '' ? lastBroken(task, slot, tasks) : task;
    if (!told) continue;
    const key = `${told.hint ?? ''} ${told.error}`;
    const verb = told.phase === 'waiting' ? 'waits' : 'failed';
    const known = reasons.get(key);
    if (known) known.names.push(name);
    else {
      const engine = told.hint === null ? null : told.error;
      reasons.set(key, {
        names: [name],
        verb,
        text: told.hint ?? told.error,
        help: told.help,
        engine,
      });
    }
  }
  return [...reasons.values()];
}

/** The try just before this one, if it broke. Older ones are history, not the reason. */
function lastBroken(task: TaskView, slot: number | null, tasks: readonly TaskView[]) {
  const before = tasks.find(
    (other) =>
      other.id !== task.id &&
      other.serviceId === task.serviceId &&
      other.slot === slot &&
      (slot !== null || other.nodeId === task.nodeId) &&
      other.createdAt <= task.createdAt,
  );
  // A failure from before the slot was scaled away has another successor.
  return before?.nextTaskId === task.id && before.error !== '' ? before : undefined;
}
