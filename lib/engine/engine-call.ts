import type * as z from 'zod/mini';
import { infoReading } from '../swarm/engine-json';
import { placeOf, type EngineAddress } from './address';
import type { WatchedAgent } from './agent';
import { unreadable } from './answer-errors';
import type { Dockerode } from './dockerode';
import { isEngineError, isRefusal, type EngineError, type EngineErrorKind } from './errors';
import { swarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/** Longer than the engine's own 20 s for a swarm without a leader, so that its error is received (ms). */
const TIMEOUT_MS = 25_000;

/**
 * Errors of calls that say less than `/info`: an engine whose swarm did not start returns the same as one without a
 * swarm, and no dates with expired certificates.
 */
const UNCLEAR: ReadonlySet<EngineErrorKind> = new Set(['no-swarm', 'swarm-certificate']);

/** Makes one call: `send` returns the response, which `schema` parses. Aborts with `signal`; throws `EngineError`. */
export type EngineCall = <T>(
  schema: z.ZodMiniType<T>,
  send: (abortSignal: AbortSignal) => Promise<unknown>,
  signal?: AbortSignal,
) => Promise<T>;

/** The calls to the engine at `address`. */
export function engineCalls(
  address: EngineAddress,
  agent: WatchedAgent,
  docker: Dockerode,
): EngineCall {
  /** docker-modem never settles when a response is cut off: the timeout and the agent do it instead. */
  const callOnce: EngineCall = async (schema, send, signal) => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const ends = signal ? AbortSignal.any([timeout, signal]) : timeout;
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(ends.reason);
      ends.addEventListener('abort', onAbort);
    });
    try {
      const response = jsonOf(await Promise.race([agent.run(() => send(ends)), aborted]));
      const parsed = schema.safeParse(response);
      if (parsed.success) return parsed.data;
      throw unreadable(response, schema, parsed.error, placeOf(address));
    } catch (error) {
      throw toEngineError(error, address);
    } finally {
      if (onAbort) ends.removeEventListener('abort', onAbort);
    }
  };

  /** Null if `/info` has no other reason, or is refused. */
  const reasonFromInfo = async (signal?: AbortSignal): Promise<EngineError | null> => {
    try {
      const { read } = await callOnce(
        infoReading,
        (abortSignal) => docker.info({ abortSignal }),
        signal,
      );
      const swarm = swarmState(read);
      return swarm.state === 'manager' ? null : swarm.error;
    } catch (error) {
      if (isRefusal(error)) return null;
      throw error;
    }
  };

  return async (schema, send, signal) => {
    try {
      return await callOnce(schema, send, signal);
    } catch (error) {
      if (!isEngineError(error) || !UNCLEAR.has(error.kind)) throw error;
      throw (await reasonFromInfo(signal)) ?? error;
    }
  };
}

/** docker-modem passes `null`, which Go writes for some empty lists, on as the bytes that it received. */
function jsonOf(response: unknown): unknown {
  return Buffer.isBuffer(response) && response.toString().trim() === 'null' ? null : response;
}
