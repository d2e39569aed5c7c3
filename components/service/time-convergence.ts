import { liveCache } from '@/lib/client/cache';

/** Ends the measurement that runs. */
const running = new Map<string, () => void>();

/**
 * Measures from now on, as the server has just accepted a change. `before`: the service's version until then, null for a new
 * one.
 */
export function timeConvergence(id: string, before: number | null): void {
  running.get(id)?.();
  const start = performance.now();
  const look = () => {
    const service = liveCache.get('view')?.services.find((one) => one.id === id);
    if (!service || service.version === before) return;
    if (service.convergence.phase !== 'converged') return;
    end();
    const { version } = service;
    liveCache.update('convergenceTime', () => ({ id, ms: performance.now() - start, version }));
  };
  // A hidden page receives nothing, and would measure when it was shown again.
  const hide = () => {
    if (document.hidden) end();
  };
  const unsubscribe = liveCache.subscribe('view', look);
  document.addEventListener('visibilitychange', hide);
  const end = () => {
    unsubscribe();
    document.removeEventListener('visibilitychange', hide);
    running.delete(id);
  };
  running.set(id, end);
  look();
}
