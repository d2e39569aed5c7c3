import { changeRefusal } from '../swarm/refusals';
import type { EngineError, EngineErrorKind } from './errors';

/** The part of an engine's error that is sent to browsers. */
export interface EngineProblem {
  kind: Exclude<EngineErrorKind, 'out-of-sequence'>;
  detail: string;
  next?: string;
}

/** `private`: operators. `public`: readers. */
export type Audience = 'private' | 'public';

const LOOK_AT_LOG = 'Read its log: `journalctl -u docker`.';

/**
 * The public sentences of each kind. An error's own sentences contain sockets, hosts, users and files of this
 * machine, or quote an engine or ssh, and are never sent, so that no new error can leak any.
 */
const PUBLIC: Record<EngineErrorKind, readonly [detail: string, next?: string]> = {
  'socket-missing': [
    'There is no Docker socket where the dashboard looks for one.',
    'Start Docker, or set DOCKER_HOST to where it listens.',
  ],
  'socket-permission': [
    'The dashboard may not open the Docker socket.',
    'Run it as a user of the docker group, or as root.',
  ],
  'engine-stopped': [
    'The Docker engine is not running, or cannot be reached.',
    'Start it: `sudo systemctl start docker`.',
  ],
  'engine-timeout': ['The Docker engine did not answer in time.', `It may be busy. ${LOOK_AT_LOG}`],
  'not-an-engine': [
    'What answers the dashboard is no Docker engine.',
    'Point DOCKER_HOST at the Docker engine of the controller.',
  ],
  tls: [
    'The TLS connection to the Docker engine failed.',
    'Check the clocks of both machines, and the files that DOCKER_CERT_PATH names.',
  ],
  ssh: [
    'The ssh connection to the Docker engine failed.',
    '`ssh USER@HOST docker version` has to work as the user that runs the dashboard.',
  ],
  'not-a-manager': [
    'This engine is a worker of the swarm, and only managers know the whole of it.',
    'Point DOCKER_HOST at the controller, or run the dashboard there.',
  ],
  'no-swarm': ['This engine is in no swarm.', 'On the controller run `docker swarm init`.'],
  'swarm-locked': [
    'The swarm is locked since its manager restarted.',
    'On the controller run `docker swarm unlock`.',
  ],
  'no-quorum': [
    'The swarm has no leader: too few managers can reach each other.',
    'Bring the missing managers back.',
  ],
  'swarm-error': [
    'This engine cannot take part in its swarm just now.',
    `Check its clock first (\`date\`). ${LOOK_AT_LOG}`,
  ],
  'swarm-certificate': [
    'A certificate of the swarm is not valid by the clock of this engine.',
    'Check the clock first: `timedatectl`.',
  ],
  'not-found': ['The Docker engine has nothing of this name.'],
  'not-scalable': ['This service has no number of replicas to set.'],
  'no-previous-spec': ['This service was never changed, so there is no spec to roll back to.'],
  conflict: ['The change collides with another service or another change.'],
  'out-of-sequence': ['Somebody else made a change at the same moment.', 'Try again.'],
  'engine-refused': ['The Docker engine refused the request.', LOOK_AT_LOG],
  'engine-error': ['The Docker engine failed.', LOOK_AT_LOG],
};

/** An engine's error with the sentences that `audience` may read. */
export function engineProblemFor(
  { kind: internal, message, next, refused }: EngineError,
  audience: Audience,
): EngineProblem {
  if (typeof refused === 'object' && audience === 'public') {
    // Contains only known switch names, nothing about this machine.
    return { kind: 'engine-refused', ...changeRefusal(refused.change, refused.switches) };
  }
  const kind = internal === 'out-of-sequence' ? 'conflict' : internal;
  const [detail, advice] = audience === 'private' ? [message, next] : PUBLIC[internal];
  return { kind, detail, ...(advice ? { next: advice } : {}) };
}
