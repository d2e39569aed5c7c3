import { useSyncExternalStore } from 'react';
import type { ServiceView } from '@/lib/swarm/view';

/** How long a service took from the acceptance of a change until it had converged, measured by this page. */
interface ConvergenceTime {
  ms: number;
  /** The service's version then: a later change makes this obsolete. */
  version: number;
}

const times = new Map<string, ConvergenceTime>();
const listeners = new Set<() => void>();

/** Notes a measurement (time-convergence.ts). */
export function setConvergenceTime(id: string, time: ConvergenceTime): void {
  times.set(id, time);
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** `converged in 6.4 s`, as long as the service is as it was then; empty without a measurement. */
export function useConvergedIn({ id, version, convergence }: ServiceView): string {
  const time = useSyncExternalStore(
    subscribe,
    () => times.get(id),
    () => undefined,
  );
  if (time?.version !== version || convergence.phase !== 'converged') return '';
  return `converged in ${(time.ms / 1000).toFixed(1)} s`;
}
