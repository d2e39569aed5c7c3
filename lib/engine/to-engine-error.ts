import { errorSchema } from '../swarm/engine-json';
import { fromAnswer, unwrapped } from './answer-errors';
import { fromCode } from './code-errors';
import { EngineError, isEngineError } from './errors';
import { fromTlsFailure } from './tls-errors';

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
  const tls = fromTlsFailure(error, where);
  if (tls) return tls;
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
