import type { EngineTask } from './engine-json';
import type { TaskView } from './view';

/** What the order of a slot's attempts follows from besides the manager's times. */
export interface AttemptFacts {
  engine: Pick<EngineTask, 'CreatedAt' | 'UpdatedAt'>;
  /** Raft index of its last write: later writes have higher ones, whatever the clock does. */
  version: number;
  /** Number of the view in which it was first seen. */
  firstView: number;
}

/**
 * Whether the manager's clock was set back while these attempts were made: one was created, by its time, after a
 * write that came later. Then the times of the slot say nothing about its order.
 */
function clockWentBack(attempts: readonly AttemptFacts[]): boolean {
  const byWrite = attempts.toSorted((a, b) => b.version - a.version);
  let earliest = Infinity;
  for (const { engine } of byWrite) {
    if (engine.UpdatedAt > 0) earliest = Math.min(earliest, engine.UpdatedAt);
    if (engine.CreatedAt > earliest) return true;
  }
  return false;
}

/**
 * The attempts of a slot, newest first. Those that were seen first in a later view are newer, as each view has all;
 * of one view the manager's times decide, or, when its clock was set back, which were written last.
 */
export function newestFirst(
  attempts: readonly TaskView[],
  facts: (task: TaskView) => AttemptFacts | undefined,
): readonly TaskView[] {
  const known = attempts.flatMap((task) => {
    const own = facts(task);
    return own ? [{ task, ...own }] : [];
  });
  const byWrite = clockWentBack(known);
  return known
    .toSorted(
      (a, b) =>
        b.firstView - a.firstView ||
        (byWrite ? b.version - a.version : b.engine.CreatedAt - a.engine.CreatedAt),
    )
    .map(({ task }) => task);
}
