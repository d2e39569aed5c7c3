import { useMemo } from 'react';
import type { Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { withSeats } from './with-seats';

/** A run whose replicas of global services have seats, as their badges do. */
export function useSeats(run: Run | null, view: SwarmView | null): Run | null {
  const { services, nodes, goneNodes } = view ?? {};
  return useMemo(
    () =>
      run && services && nodes && goneNodes ? withSeats(run, { services, nodes, goneNodes }) : run,
    [run, services, nodes, goneNodes],
  );
}
