import type { EngineInfo } from '../swarm/engine-json';
import { EngineError } from './errors';
import { CLOCK_FIRST, locked, worker } from './swarm-errors';

/** An engine's state in its swarm; `broken` must never be fixed with `docker swarm init`. */
export type SwarmState =
  | { state: 'manager' }
  | { state: 'no-swarm' }
  | { state: 'broken'; error: EngineError };

/**
 * Reads the swarm's part of `/info` (moby LocalNodeState). It is more precise than the error of a call: an engine
 * whose swarm did not start rejects calls with "Use docker swarm init", which would destroy that swarm.
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

/** A wrong clock causes every kind of certificate error, so all of them advise to check it first. */
function startFailed(reason: string): EngineError {
  const why = reason.trim().replace(/\.$/, '') || 'it returned no reason';
  return new EngineError(
    'swarm-error',
    `This engine cannot take part in its swarm: ${why}.`,
    /certificate|x509|expired/i.test(reason)
      ? CLOCK_FIRST
      : 'Look at its clock first (`date`), then at its log: `journalctl -u docker`.',
  );
}
