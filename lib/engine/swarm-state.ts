import type { EngineInfo } from '../swarm/engine-json';
import { EngineError } from './errors';
import { CLOCK_FIRST, locked, worker } from './swarm-errors';

/** What an engine is to its swarm, by its own account; `broken` is never to be mended with `docker swarm init`. */
export type SwarmState =
  | { state: 'manager' }
  | { state: 'no-swarm' }
  | { state: 'broken'; error: EngineError };

/**
 * Reads the swarm's part of `/info` (moby LocalNodeState). The state says more than the refusal of
 * a call: an engine whose swarm did not start answers calls with "Use docker swarm init", which
 * would end that swarm for good.
 */
export function swarmState({ Swarm }: EngineInfo): SwarmState {
  switch (Swarm.LocalNodeState) {
    case 'inactive':
      return { state: 'no-swarm' };
    case 'active':
      return Swarm.ControlAvailable ? { state: 'manager' } : broken(worker());
    case 'locked':
      return broken(locked());
    case 'pending':
      return broken(
        new EngineError(
          'swarm-error',
          'This engine is still joining its swarm.',
          'Wait a moment; if this lasts, look at its log: `journalctl -u docker`.',
        ),
      );
    case 'error':
      return broken(startFailed(Swarm.Error));
    default:
      return broken(
        new EngineError(
          'not-an-engine',
          'What answers knows nothing of swarms, so it is no Docker engine.',
          'Point DOCKER_HOST at the Docker engine of the controller.',
        ),
      );
  }
}

function broken(error: EngineError): SwarmState {
  return { state: 'broken', error };
}

/** A lagging clock gives every kind of certificate error, so the clock comes first for all of them. */
function startFailed(reason: string): EngineError {
  const why = reason.trim().replace(/\.$/, '') || 'it gives no reason';
  return new EngineError(
    'swarm-error',
    `This engine cannot take part in its swarm: ${why}.`,
    /certificate|x509|expired/i.test(reason)
      ? CLOCK_FIRST
      : 'Look at its clock first (`date`), then at its log: `journalctl -u docker`.',
  );
}
