import { hasSwarms, type Product } from '../swarm/engine-product';
import { EngineError } from './errors';

const CONTROLLER = 'Point DOCKER_HOST at the Docker engine of the controller.';

const IN_NO_SWARM: Record<Product, readonly [message: string, next: string]> = {
  docker: [
    'This engine is in no swarm.',
    'On the controller run `docker swarm init`, then join the Zeros with the command it prints.',
  ],
  'docker-desktop': [
    'This is Docker Desktop, and its engine is in no swarm.',
    'For the swarm of your Pis point DOCKER_HOST at the controller, as in `DOCKER_HOST=ssh://pi@ctrl`; `docker swarm init` makes one of its own, whose only node is inside its virtual machine.',
  ],
  rootless: [
    'This is a rootless Docker engine, and it is in no swarm.',
    'Overlay networks, and so a swarm’s published ports, need an engine that runs as root: point DOCKER_HOST at `unix:///var/run/docker.sock`, or at the controller.',
  ],
  windows: ['This is a Docker engine for Windows, and it is in no swarm.', CONTROLLER],
  balena: ['This is balenaEngine, which has no swarms.', CONTROLLER],
  podman: ['This is Podman, which has no swarms.', CONTROLLER],
};

/** The error for an engine that is in no swarm. */
export function noSwarm(product: Product, cause?: unknown): EngineError {
  const [message, next] = IN_NO_SWARM[product];
  const kind = hasSwarms(product) ? 'no-swarm' : 'not-an-engine';
  return new EngineError(kind, message, next, { cause });
}
