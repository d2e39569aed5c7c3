import type { SwarmView } from './view';

/** The parts of a view that are compared. */
type Seen = Pick<SwarmView, 'tasks' | 'services' | 'refused'>;

/**
 * Names of the services whose tasks have failed, or were rejected, from one view to the next, once for
 * each task. A task that was made and failed between the two views counts; one of a service that is
 * gone has no name to count by. Without the list of tasks in one of the two, when they failed is unknown.
 */
export function failedServices(before: Seen, after: Seen): string[] {
  if ([before, after].some(({ refused }) => refused.reads.includes('TASKS'))) return [];
  const broken = new Set(before.tasks.flatMap(({ id, phase }) => (phase === 'failed' ? [id] : [])));
  const names = new Map(after.services.map(({ id, name }) => [id, name]));
  return after.tasks.flatMap(({ id, phase, serviceId }) => {
    const name = names.get(serviceId);
    return phase === 'failed' && !broken.has(id) && name !== undefined ? [name] : [];
  });
}
