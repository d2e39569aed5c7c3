import type { EngineTask } from './engine-json';
import type { TaskView } from './view';

/** What orders the attempts of a slot in addition to the manager's times. */
export interface AttemptFacts {
  engine: Pick<EngineTask, 'CreatedAt' | 'UpdatedAt'>;
  /** Raft index of its last write: later writes have higher ones, even if the clock is set back. */
  version: number;
  /** Number of the view in which it was first seen. */
  firstView: number;
}

/**
 * Whether the manager's clock was set back while these attempts were made: one was created, by its time, after a
 * write that came later. Then the times of the slot say nothing about its order.
 */
function clockWentBack(attempts: readonly AttemptFacts[]): boolean {
  return attempts.some(({ engine, version }) =>
    attempts.some(
      (other) =>
        other.version >= version &&
        other.engine.UpdatedAt > 0 &&
        engine.CreatedAt > other.engine.UpdatedAt,
    ),
  );
}

/** Negative where `a` is newer. */
function compare(a: AttemptFacts, b: AttemptFacts, byWrite: boolean): number {
  return (
    b.firstView - a.firstView ||
    (byWrite ? b.version - a.version : b.engine.CreatedAt - a.engine.CreatedAt)
  );
}

/**
 * The attempts of a slot, newest first. Those that were seen first in a later view are newer, as each view has all;
 * of one view the manager's times decide, or, when its clock was set back, which were written last. Null when they
 * are in that order already, as most are.
 */
export function newestFirst(
  attempts: readonly TaskView[],
  facts: (task: TaskView) => AttemptFacts | undefined,
): TaskView[] | null {
  const known = attempts.flatMap((task) => facts(task) ?? []);
  const byWrite = clockWentBack(known);
  const sorted = known.every((one, at) => {
    const next = known[at + 1];
    return next === undefined || compare(one, next, byWrite) <= 0;
  });
  if (sorted) return null;
  return attempts
    .flatMap((task) => {
      const own = facts(task);
      return own ? [{ task, own }] : [];
    })
    .sort((a, b) => compare(a.own, b.own, byWrite))
    .map(({ task }) => task);
}
