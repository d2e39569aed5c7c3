import { errorSchema } from '../swarm/engine-json';

/** Why the engine did not do what was asked; stable, for programs. */
export type EngineErrorKind =
  | 'socket-missing'
  | 'socket-permission'
  | 'engine-stopped'
  | 'engine-timeout'
  | 'not-a-manager'
  | 'no-swarm'
  | 'swarm-locked'
  | 'no-quorum'
  | 'not-found'
  | 'not-scalable'
  | 'conflict'
  | 'out-of-sequence'
  | 'engine-refused'
  | 'engine-error';

/** Everything that goes wrong at the engine's door, as one type: what happened, and what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    readonly kind: EngineErrorKind,
    /** One sentence on what is wrong, for people. */
    message: string,
    /** One sentence on what to do about it. */
    readonly next?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Whether something thrown is an `EngineError`. By name and not by class: a page and a route can
 * have instances of their own of this module, and so classes of their own.
 */
export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && error.name === 'EngineError';
}

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

/** The engine's message without gRPC's wrapping: `rpc error: code = Unknown desc = …`. */
function unwrapped(message: string): string {
  return message.replace(/^rpc error: code = \w+ desc = /, '').trim();
}

function fromAnswer(statusCode: number, message: string, cause: unknown): EngineError {
  for (const [pattern, kind, text, next] of ANSWERS) {
    if (pattern.test(message)) return new EngineError(kind, text ?? message, next, { cause });
  }
  if (statusCode === 404) return new EngineError('not-found', message, undefined, { cause });
  if (statusCode >= 500) return new EngineError('engine-error', message, undefined, { cause });
  return new EngineError('engine-refused', message, undefined, { cause });
}

function fromCode(code: string, where: string, cause: unknown): EngineError | null {
  switch (code) {
    case 'ENOENT':
      return new EngineError(
        'socket-missing',
        `There is no Docker socket at ${where}.`,
        'Start Docker, or set DOCKER_HOST to where it listens.',
        { cause },
      );
    case 'EACCES':
    case 'EPERM':
      return new EngineError(
        'socket-permission',
        `The dashboard may not open the Docker socket at ${where}.`,
        'Run it as a user of the docker group, or as root.',
        { cause },
      );
    case 'ABORT_ERR':
    case 'ETIMEDOUT':
      return new EngineError(
        'engine-timeout',
        'The Docker engine did not answer in time.',
        'It may be busy; if this lasts, look at its log: `journalctl -u docker`.',
        { cause },
      );
    case 'ECONNREFUSED':
    case 'ECONNRESET':
    case 'EPIPE':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return new EngineError(
        'engine-stopped',
        `The Docker engine at ${where} is not running.`,
        'Start it: `sudo systemctl start docker`.',
        { cause },
      );
    default:
      return null;
  }
}

/**
 * Any thrown thing as an `EngineError`: by its `code` first, then by status and the engine's JSON
 * message (dockerode's `reason` is often undefined). `where` is the engine's address, for people.
 */
export function toEngineError(error: unknown, where: string): EngineError {
  if (isEngineError(error)) return error;
  const { code, name, statusCode, json, message } = (error ?? {}) as Record<string, unknown>;
  if (name === 'AbortError' || name === 'TimeoutError') {
    const timeout = fromCode('ABORT_ERR', where, error);
    if (timeout) return timeout;
  }
  const known = typeof code === 'string' ? fromCode(code, where, error) : null;
  if (known) return known;
  if (typeof statusCode === 'number') {
    const body = errorSchema.safeParse(json);
    const words = body.success
      ? body.data.message
      : `The engine answered with status ${statusCode}.`;
    return fromAnswer(statusCode, unwrapped(words), error);
  }
  return new EngineError(
    'engine-error',
    `The engine's answer could not be understood: ${typeof message === 'string' ? message : String(error)}`,
    undefined,
    { cause: error },
  );
}
