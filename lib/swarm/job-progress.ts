import type { EngineService } from './engine-json';
import type { Convergence, TaskView } from './view';

/** A job's numbers, as `docker service ls` and the progress of docker's client have them. */
export interface JobProgress {
  running: number;
  /** `docker service ls`: tasks that may run at a time; for a global job, nodes still to complete it. */
  wanted: number;
  completed: number;
  total: number;
  /** Completed tasks that docker's client waits for: for a global job one per node, also where it was given up. */
  awaited: number;
}

/**
 * The progress of a job; null for any other service. `tasks` are those of the job's present
 * iteration. A job that is over still wants its tasks in `docker service ls`: `0/2 (5/5 completed)`
 * (measured); a global job does not: `0/0 (4/4 completed)`.
 */
export function jobProgress(
  mode: EngineService['Spec']['Mode'],
  tasks: readonly TaskView[],
): JobProgress | null {
  const running = tasks.filter(({ phase }) => phase === 'running').length;
  const completed = tasks.filter(({ phase }) => phase === 'finished').length;
  if (mode.ReplicatedJob) {
    // The engine's defaults: one at a time, as many completions as may run at a time.
    const { MaxConcurrent: wanted = 1, TotalCompletions: total = wanted } = mode.ReplicatedJob;
    return { running, wanted, completed, total, awaited: total };
  }
  if (mode.GlobalJob) {
    const open = tasks.filter(
      ({ desired, phase }) => desired === 'complete' && phase !== 'finished',
    );
    const wanted = open.length;
    const awaited = new Set(tasks.map(({ nodeId }) => nodeId)).size;
    return { running, wanted, completed, total: wanted + completed, awaited };
  }
  return null;
}

/**
 * A job's convergence, as docker's client has it (docker/cli progress.go): done when all tasks have
 * completed, with no monitor window, because what is done stays done. A job without tasks has not
 * started yet.
 */
export function jobConvergence({ completed, awaited: total }: JobProgress): Convergence {
  const done = total > 0 && completed === total;
  const count = String(completed).padStart(String(total).length);
  return {
    running: completed,
    total,
    phase: done ? 'converged' : 'converging',
    phrase: `job progress: ${count} out of ${total} complete`,
    verify: done ? 'job complete' : null,
  };
}
