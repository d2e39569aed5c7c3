import type { EngineInfo } from '../swarm/engine-json';
import { hasSwarms, productOf } from '../swarm/engine-product';
import { certificateError } from './certificate-errors';
import { EngineError } from './errors';
import { noSwarm } from './products';
import { locked, worker } from './swarm-errors';

/** An engine's state in its swarm; `broken` must never be fixed with `docker swarm init`. */
export type SwarmState =
  /** `infoRefused`: a proxy in front of it refuses `/info`. */
  | { state: 'manager'; infoRefused?: true }
  | { state: 'no-swarm'; error: EngineError }
  | { state: 'broken'; error: EngineError };

/**
 * Reads the swarm's part of `/info` (moby LocalNodeState). It is more precise than the error of a call: an engine
 * whose swarm did not start rejects calls with "Use docker swarm init", which would destroy that swarm.
 */
export function swarmState(info: EngineInfo): SwarmState {
  const { Swarm } = info;
  const product = productOf(info);
  if (!hasSwarms(product)) return broken(noSwarm(product));
  switch (Swarm.LocalNodeState) {
    case 'inactive':
      return { state: 'no-swarm', error: noSwarm(product) };
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

function startFailed(reason: string): EngineError {
  const certificate = certificateError(reason);
  if (certificate) return certificate;
  const why = reason.trim().replace(/\.$/, '');
  return new EngineError(
    'swarm-error',
    `This engine cannot take part in its swarm: ${why || 'it returned no reason'}.`,
    nextAfter(why),
  );
}

/** The address that the swarm was made with is not on the machine: its network was set up later, or differently. */
const NO_ADDRESS =
  /cannot assign requested address|network is unreachable|could not find (the system's|local) IP address/i;

function nextAfter(why: string): string {
  if (NO_ADDRESS.test(why)) {
    return 'Its network may have come up after Docker: `sudo systemctl restart docker`. If that does not help, compare `ip address` with the address that the swarm was made with.';
  }
  if (why === '') return 'Check its clock first (`date`), then its log: `journalctl -u docker`.';
  return 'The rest is in its log: `journalctl -u docker`.';
}
