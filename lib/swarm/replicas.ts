import type { ServiceView } from './view';

/** Whether a service runs its tasks to an end instead of keeping them running. */
export function isJob({ mode }: Pick<ServiceView, 'mode'>): boolean {
  return mode === 'replicated-job' || mode === 'global-job';
}

/**
 * How many tasks of a service should run now: `wanted`, but of a replicated job at most the
 * completions that are left (docker/cli progress.go, `actualDesired`).
 */
export function expectedTasks({ wanted, job }: Pick<ServiceView, 'wanted' | 'job'>): number | null {
  return job && wanted !== null ? Math.min(wanted, job.total - job.completed) : wanted;
}

/** Whether the engine reports no number of tasks that the service should have. */
export function isCountUnknown({
  mode,
  replicas,
}: Pick<ServiceView, 'mode' | 'replicas'>): boolean {
  return mode === 'unknown' || (mode === 'replicated' && replicas === null);
}

/**
 * `3/3`, `1/3 (max 1 per node)`, or `1/1 (2/3 completed)` for a job (docker/cli service/formatter.go); `3/?` and
 * `?/3` where a number is unknown.
 */
export function replicasText(
  service: Pick<ServiceView, 'mode' | 'replicas' | 'running' | 'wanted' | 'job' | 'maxPerNode'>,
): string {
  const { job, maxPerNode } = service;
  const running = service.running ?? '?';
  const wanted = service.wanted ?? '?';
  if (isCountUnknown(service)) return `${running}/?`;
  if (job) return `${running}/${wanted} (${job.completed}/${job.total} completed)`;
  return `${running}/${wanted}${maxPerNode ? ` (max ${maxPerNode} per node)` : ''}`;
}
