import { errorSchema } from '../swarm/engine-json';
import { EngineError, type EngineErrorKind } from './errors';
import { TLS_WANTED, TLS_WANTED_NEXT } from './tls-errors';

/** What to do about expired certificates; never `docker swarm init`, which would end the swarm. */
export const CLOCK_FIRST =
  'Look at its clock first (`date`): set it right and restart Docker; certificates that have really expired need `docker swarm leave` and joining again, or on the last manager `docker swarm init --force-new-cluster`.';

type Rule = [pattern: RegExp, kind: EngineErrorKind, message: string | null, next: string];

/** Engine answers known word for word (measured on 20.10; moby daemon/cluster/errors.go). A null message keeps the engine's own. */
const ANSWERS: Rule[] = [
  [
    /not a swarm manager\. Worker nodes can't/i,
    'not-a-manager',
    'This engine is a worker of the swarm, and only managers know the whole of it.',
    'Point DOCKER_HOST at the controller, or run the dashboard there.',
  ],
  [
    // Both a certificate that has run out and a clock that lags (x509 calls both expired).
    /swarm certificates have expired/i,
    'swarm-error',
    "This engine cannot take part in its swarm: the swarm's certificates have expired, or its clock is wrong.",
    CLOCK_FIRST,
  ],
  [
    /manager is being prepared/i,
    'swarm-error',
    'This manager is still connecting to its swarm.',
    'Wait a moment; if this lasts, look at its log: `journalctl -u docker`.',
  ],
  [
    /sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS/i,
    'tls',
    TLS_WANTED,
    TLS_WANTED_NEXT,
  ],
  [
    /docker swarm init|not a swarm manager\. Use/i,
    'no-swarm',
    'This engine is in no swarm.',
    'On the controller run `docker swarm init`, then join the Zeros with the command it prints.',
  ],
  [
    /encrypted and needs to be unlocked/i,
    'swarm-locked',
    'The swarm is locked since its manager restarted.',
    'On the controller run `docker swarm unlock`.',
  ],
  [
    /does not have a leader|DeadlineExceeded|context deadline exceeded/i,
    'no-quorum',
    'The swarm has no leader: too few managers can reach each other.',
    'Bring the missing managers back, or on one of them run `docker swarm init --force-new-cluster`.',
  ],
  [
    /update out of sequence/i,
    'out-of-sequence',
    'Somebody else changed the service at the same moment.',
    'Try again.',
  ],
  [
    /already in use by service|name conflicts with an existing object/i,
    'conflict',
    null,
    'Choose another port or name, or remove the other service first.',
  ],
];

/**
 * A refusal, by the words in its body: JSON as the engine writes it, without gRPC's wrapping
 * (`rpc error: code = Unknown desc = …`). A body that is no engine's JSON is searched for known
 * words (a TLS port answers plain http in plain text), and otherwise only its status is told.
 */
export function fromAnswer(
  statusCode: number,
  json: unknown,
  text: string,
  cause?: unknown,
): EngineError {
  const body = errorSchema.safeParse(json);
  const words = body.success
    ? body.data.message.replace(/^rpc error: code = \w+ desc = /, '').trim()
    : text;
  for (const [pattern, kind, message, next] of ANSWERS) {
    if (pattern.test(words)) return new EngineError(kind, message ?? words, next, { cause });
  }
  const message = body.success ? words : `The engine answered with status ${statusCode}.`;
  if (statusCode === 404) return new EngineError('not-found', message, undefined, { cause });
  if (statusCode >= 500) return new EngineError('engine-error', message, undefined, { cause });
  return new EngineError('engine-refused', message, undefined, { cause });
}
