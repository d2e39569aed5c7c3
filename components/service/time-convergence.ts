import { liveCache } from '@/lib/client/cache';

/** Ends the measurement that runs. */
const running = new Map<string, () => void>();

/**
 * Measures from now on, as the server has just accepted a change. `before`: the service's version until then, null for a new
 * one. The time stays that of the change when the engine reports afterwards that it has completed the update, which raises
 * the version.
 */
export function timeConvergence(id: string, before: number | null): void {
  running.get(id)?.();
  const start = performance.now();
  let ms: number | null = null;
  const look = () => {
    const service = liveCache.get('view')?.services.find((one) => one.id === id);
    if (!service || service.version === before) return;
    const isConverged = service.convergence.phase === 'converged';
    const latest = liveCache.get('convergenceTime');
    if (ms !== null && (!isConverged || latest?.id !== id)) end();
    else if (isConverged && (ms === null || latest?.version !== service.version)) {
      const { version } = service;
      const taken = (ms ??= performance.now() - start);
      liveCache.update('convergenceTime', () => ({ id, ms: taken, version }));
    }
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
