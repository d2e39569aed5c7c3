import type { SeenState } from '@/lib/swarm/details';
import { hasEnded } from '@/lib/swarm/task-phase';
import { stateRank } from '@/lib/swarm/task-state';
import type { TaskView } from '@/lib/swarm/view';

/** A state of a task, since when (ms), and for how long; null while it lasts. */
export interface TaskStep {
  readonly name: string;
  readonly at: number;
  readonly took: number | null;
}

type Timed = Pick<TaskView, 'state' | 'phase' | 'stateAt' | 'createdAt' | 'ranAt'>;

/**
 * The states of a task in their order: its creation and its state by the engine's times, those between as far as the
 * dashboard saw them. `until`: later ones are left out.
 */
export function taskSteps(
  { state, phase, stateAt, createdAt, ranAt }: Timed,
  seen: readonly SeenState[],
  until = Number.POSITIVE_INFINITY,
): TaskStep[] {
  const times = new Map<string, number>();
  for (const one of seen) times.set(one.state, one.at);
  if (ranAt !== null && !times.has('running')) times.set('running', ranAt);
  if (state !== 'unknown') times.set(state, stateAt);
  times.delete('new');
  const rank = stateRank(state);
  const states = [...times]
    .filter(([name, at]) => at <= until && (state === 'unknown' || rankOf(name) <= rank))
    .sort(([a], [b]) => rankOf(a) - rankOf(b));
  const steps = [['created', createdAt] as const, ...states];
  // The clocks of the nodes differ: a later state never comes before an earlier one.
  let last = createdAt;
  const ordered = steps.map(([name, at]) => [name, (last = Math.max(last, at))] as const);
  return ordered.map(([name, at], index) => {
    const next = ordered[index + 1]?.[1];
    const over = next === undefined && hasEnded(phase);
    return { name, at, took: next === undefined ? (over ? 0 : null) : next - at };
  });
}

function rankOf(name: string): number {
  return stateRank(name as TaskView['state']);
}
