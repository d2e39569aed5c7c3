import type { ServiceView } from '@/lib/swarm/view';

type Convergence = Pick<ServiceView, 'wanted' | 'running' | 'job' | 'update' | 'convergence'>;

const TONES: Record<ServiceView['convergence']['phase'], string> = {
  converging: 'text-bad',
  verifying: 'text-dim',
  converged: 'text-ok',
  paused: 'text-bad',
  unknown: 'text-dim',
};

/** The colour of the second line of a service's progress. */
export function verifyTone({ wanted, running, job, update, convergence }: Convergence): string {
  // No task is wanted and none runs: that is neither good nor bad.
  if (wanted === 0 && running === 0 && job === null) return 'text-dim';
  // Somebody wanted the rollback.
  const isRequested = convergence.verify?.startsWith('rollback: ') && !update?.automatic;
  return isRequested ? 'text-dim' : TONES[convergence.phase];
}
