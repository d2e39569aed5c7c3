import { useState } from 'react';
import { readParameter } from '@/lib/client/page-address';
import { useCached } from '@/lib/client/use-cached';
import type { ServiceView } from '@/lib/swarm/view';

/** The service that the service panel shows, and the name that was chosen, which may be of none. */
export function useShownService(services: readonly ServiceView[]): {
  service: ServiceView | undefined;
  chosen: string | null;
} {
  const [linked] = useState(() => readParameter('service'));
  const chosen = useCached('chosenService') ?? linked;
  return { service: pick(services, chosen), chosen };
}

/** The chosen one while it exists; else the echo service, else the first that can be scaled. */
function pick(services: readonly ServiceView[], chosen: string | null): ServiceView | undefined {
  return (
    services.find(({ name }) => name === chosen) ??
    services.find(({ echo }) => echo) ??
    services.find(({ replicas }) => replicas !== null) ??
    services[0]
  );
}
