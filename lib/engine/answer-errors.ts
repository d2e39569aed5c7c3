import type * as z from 'zod/mini';
import { errorSchema, infoReading, versionReading } from '../swarm/engine-json';
import { certificatesExpired } from './certificate-errors';
import { EngineError, type EngineErrorKind } from './errors';
import { noEngine } from './foreign-answers';
import { noSwarm } from './products';
import { locked, worker } from './swarm-errors';
import { TLS_WANTED, TLS_WANTED_NEXT } from './tls-errors';

type Rule =
  | [pattern: RegExp, kind: EngineErrorKind, message: string | null, next: string]
  | [pattern: RegExp, error: (cause: unknown) => EngineError];

/** Engine errors known by their text (measured on 20.10; moby daemon/cluster/errors.go). A null message keeps the engine's own. */
const ANSWERS: Rule[] = [
  [/not a swarm manager\. Worker nodes can't/i, worker],
  [/swarm certificates have expired/i, certificatesExpired],
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
  [/docker swarm init|not a swarm manager\. Use/i, (cause) => noSwarm('docker', cause)],
  [/encrypted and needs to be unlocked/i, locked],
  [
    /does not have a leader|DeadlineExceeded|context deadline exceeded/i,
    'no-quorum',
    'The swarm has no leader: too few managers can reach each other.',
    'Bring the missing managers back, or on one of them run `docker swarm init --force-new-cluster`.',
  ],
  [
    /update out of sequence/i,
    'out-of-sequence',
    'Somebody else made a change at the same moment.',
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
 * The error of a response by the text of its body: the engine's JSON, without gRPC's prefix (`rpc error: code =
 * Unknown desc = …`). Any other body is searched for known text (a TLS port answers plain http in plain text); else
 * the status decides.
 */
export function fromAnswer(
  statusCode: number,
  json: unknown,
  text: string,
  where: string,
  cause?: unknown,
): EngineError {
  const body = errorSchema.safeParse(json);
  const words = body.success
    ? body.data.message.replace(/^rpc error: code = \w+ desc = /, '').trim()
    : text;
  const refused = isRefused(statusCode, body.success ? words : null);
  if (refused) return refusal(statusCode, body.success ? words : null, where, cause);
  if (statusCode === 429) return tooMany(where, cause);
  for (const [pattern, ...rule] of ANSWERS) {
    if (!pattern.test(words)) continue;
    if (rule.length === 1) return rule[0](cause);
    const [kind, message, next] = rule;
    return new EngineError(kind, message ?? words, next, { cause });
  }
  if (!body.success) return withoutWords(statusCode, where, cause);
  if (statusCode === 404) return new EngineError('not-found', words, undefined, { cause });
  if (statusCode >= 500) return new EngineError('engine-error', words, undefined, { cause });
  return new EngineError('engine-refused', words, undefined, { cause });
}

/**
 * Whether a program in front of the engine refused the request, or a plugin of the engine. `words`: the message of a body as
 * the engine's. The engine itself knows every path that is requested, and returns 404 only for an unknown object.
 */
function isRefused(statusCode: number, words: string | null): boolean {
  if (statusCode === 404) return words === null || /^page not found$/i.test(words);
  return statusCode === 401 || statusCode === 403 || statusCode === 405;
}

function refusal(
  statusCode: number,
  words: string | null,
  where: string,
  cause: unknown,
): EngineError {
  const options = { cause, refused: true };
  if (statusCode === 404) {
    if (words === null) return noEngine(where, `status ${statusCode}`, cause, true);
    return new EngineError('not-found', words, undefined, options);
  }
  if (words !== null) return new EngineError('engine-refused', words, undefined, options);
  return new EngineError(
    'engine-refused',
    `What answers at ${where} refuses the request (status ${statusCode}).`,
    'If it is a proxy for the Docker socket, it has to allow NODES, SERVICES, TASKS, INFO, EVENTS, VERSION and PING, and POST for changes; else point DOCKER_HOST at the Docker engine of the controller.',
    options,
  );
}

/** An engine has no limit of calls, so this is a program in front of it. */
function tooMany(where: string, cause: unknown): EngineError {
  return new EngineError(
    'engine-error',
    `What answers at ${where} has had too many calls (status 429).`,
    'If it is a proxy for the Docker socket, raise its limit of calls.',
    { cause, refused: true },
  );
}

/**
 * An engine always returns a reason, so this is another program: one in front of it, or in its place. 501 and every
 * status below 500 is its answer to this request alone; others are failures.
 */
function withoutWords(statusCode: number, where: string, cause: unknown): EngineError {
  if (statusCode >= 500 && statusCode !== 501) {
    return new EngineError(
      'engine-error',
      `What answers at ${where} failed and gave no reason (status ${statusCode}).`,
      'If it is a proxy for the Docker socket, check that the engine behind it runs: `systemctl status docker`.',
      { cause },
    );
  }
  return noEngine(where, `status ${statusCode}`, cause, true);
}

/** Schemas that only an engine's response fits. */
const WHO_ANSWERS: ReadonlySet<unknown> = new Set([infoReading, versionReading]);

/**
 * The error of a response with status 200 that does not fit its schema. What is not JSON, or not an engine's, is from
 * another program. `json` is a `Buffer` (docker-modem's) or undefined if it is not JSON.
 */
export function unreadable(
  json: unknown,
  schema: z.ZodMiniType,
  error: z.core.$ZodError,
  where: string,
): EngineError {
  if (json === undefined || Buffer.isBuffer(json)) {
    return noEngine(where, 'something other than JSON', error, true);
  }
  if (WHO_ANSWERS.has(schema) && isPodman(json)) return noSwarm('podman', error);
  if (WHO_ANSWERS.has(schema)) {
    return noEngine(where, 'JSON of another kind', error);
  }
  const [issue] = error.issues;
  const noList =
    issue?.code === 'invalid_type' && issue.expected === 'array' && issue.path.length === 0;
  const place = issue?.path.join('.') || 'its beginning';
  return new EngineError(
    'engine-error',
    `The engine's answer does not make sense at ${place}.`,
    'Compare `docker version` with the versions that the dashboard is made for.',
    { cause: error, noList },
  );
}

/** Podman's `/info` without the swarm's part, as of its older versions. */
function isPodman(json: unknown): boolean {
  return typeof json === 'object' && json !== null && 'BuildahVersion' in json;
}
