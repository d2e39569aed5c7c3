import type { IncomingMessage } from 'node:http';
import { EngineError } from './errors';

/** The program at `where` is not Docker, as `what` it returned shows. */
export function noEngine(
  where: string,
  what: string,
  cause?: unknown,
  refused = false,
): EngineError {
  return new EngineError(
    'not-an-engine',
    `What answers at ${where} is no Docker engine (it returned ${what}).`,
    'Point DOCKER_HOST at the Docker engine of the controller.',
    { cause, refused },
  );
}

/**
 * Why a response is rejected by its head, or null. An engine redirects no request of ours; a redirect would make
 * the dashboard call an address of the sender's choice.
 */
export function refusalOf(
  { statusCode = 0, headers }: IncomingMessage,
  where: string,
): EngineError | null {
  if (statusCode >= 300 && statusCode < 400 && headers.location !== undefined) {
    return noEngine(
      where,
      `status ${statusCode}, a redirection to another address`,
      undefined,
      true,
    );
  }
  // A sign-in page of a proxy; the engine returns no HTML.
  if (statusCode === 200 && headers['content-type']?.includes('html')) {
    return noEngine(where, 'a web page', undefined, true);
  }
  if (headers['libpod-api-version'] !== undefined || headers.server?.includes('Libpod')) {
    return noEngine(where, 'Podman, which has no swarms');
  }
  return null;
}

/** A response that was cut off. */
export function brokenOff(): EngineError {
  return new EngineError(
    'engine-error',
    "The engine's answer broke off in the middle.",
    'It may be stopping; if this lasts, look at its log: `journalctl -u docker`.',
  );
}

/** A response with so many objects or values that parsing it would need more memory than there is. */
export function tooManyValues(): EngineError {
  return new EngineError(
    'engine-error',
    "The engine's answer has more entries than this server's memory is for, and was not read to its end.",
    'A larger swarm needs a larger heap: NODE_OPTIONS=--max-old-space-size=256, and more memory for the container.',
  );
}

/** A response, or a line of an event stream, of more than `bytes`. */
export function tooLarge(bytes: number): EngineError {
  return new EngineError(
    'engine-error',
    `The engine's answer has more than ${bytes / 1_000_000} MB, and was not read to its end.`,
    'Check that DOCKER_HOST names the Docker engine of the controller.',
  );
}
