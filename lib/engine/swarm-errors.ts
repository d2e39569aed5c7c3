import { EngineError } from './errors';

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
