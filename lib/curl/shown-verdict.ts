import type { ServiceView } from '../swarm/view';
import type { Run } from './run';

/** A run's verdict; once its service is not in the view any more, marked as that of an earlier swarm. */
export function shownVerdict(
  {
    verdict,
    request,
  }: Pick<Run, 'verdict'> & { request: Pick<Run['request'], 'service' | 'serviceId'> },
  services: readonly Pick<ServiceView, 'id'>[],
): string {
  const isPresent = services.some(({ id }) => id === request.serviceId);
  return isPresent ? verdict : `Earlier run of ${request.service}: ${verdict}`;
}
