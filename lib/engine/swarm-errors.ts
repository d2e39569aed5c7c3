import { EngineError } from './errors';

/** Advice on expired certificates; never `docker swarm init`, which would destroy the swarm. */
export const CLOCK_FIRST =
  'Look at its clock first (`date`): set it right and restart Docker; certificates that have really expired need `docker swarm leave` and joining again, or on the last manager `docker swarm init --force-new-cluster`.';

/** The engine is a worker of its swarm. */
export function worker(cause?: unknown): EngineError {
  return new EngineError(
    'not-a-manager',
    'This engine is a worker of the swarm, and only managers know the whole of it.',
    'Point DOCKER_HOST at the controller, or run the dashboard there.',
    { cause },
  );
}

/** Autolock is on, and the swarm was not unlocked since the engine started. */
export function locked(cause?: unknown): EngineError {
  return new EngineError(
    'swarm-locked',
    'The swarm is locked since its manager restarted.',
    'On the controller run `docker swarm unlock`.',
    { cause },
  );
}
