import { placeOf, type EngineAddress } from './address';
import { fromAnswer } from './answer-errors';
import { fromCode } from './code-errors';
import { EngineError, isEngineError } from './errors';
import { fromTlsFailure } from './tls-errors';

/**
 * Converts any thrown value to an `EngineError`: by its `code` first, then by status and the engine's JSON message
 * (dockerode's `reason` is often undefined). The message contains `address`.
 */
export function toEngineError(error: unknown, address: EngineAddress): EngineError {
  if (isEngineError(error)) return error;
  const where = placeOf(address);
  const { code, name, statusCode, json, message } = (error ?? {}) as Record<string, unknown>;
  if (name === 'AbortError' || name === 'TimeoutError') {
    const timeout = fromCode('ABORT_ERR', where, error);
    if (timeout) return timeout;
  }
  const tls = fromTlsFailure(error, address);
  if (tls) return tls;
  const known = typeof code === 'string' ? fromCode(code, where, error) : null;
  if (known) return known;
  if (typeof statusCode === 'number') {
    // docker-modem passes on a body that is not JSON as bytes, or as text from a stream.
    const text = Buffer.isBuffer(json) || typeof json === 'string' ? json.toString() : '';
    return fromAnswer(statusCode, json, text, where, error);
  }
  return new EngineError(
    'engine-error',
    `The engine's answer could not be understood: ${typeof message === 'string' ? message : String(error)}`,
    undefined,
    { cause: error },
  );
}
