import type * as z from 'zod/mini';
import { infoSchema } from '../swarm/engine-json';
import { placeOf, type EngineAddress } from './address';
import type { WatchedAgent } from './agent';
import { unreadable } from './answer-errors';
import type { Dockerode } from './dockerode';
import { isEngineError } from './errors';
import { swarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/** Longer than the engine's own 20 s for a swarm without a leader, so that its error is received (ms). */
const TIMEOUT_MS = 25_000;

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

  return async (schema, send, signal) => {
    try {
      return await callOnce(schema, send, signal);
    } catch (error) {
      if (!isEngineError(error) || error.kind !== 'no-swarm') throw error;
      // An engine whose swarm did not start returns the same error as one without a swarm; `/info` differs.
      const info = await callOnce(
        infoSchema,
        (abortSignal) => docker.info({ abortSignal }),
        signal,
      );
      const swarm = swarmState(info);
      throw swarm.state === 'broken' ? swarm.error : error;
    }
  };
}

/** docker-modem passes `null`, which Go writes for some empty lists, on as the bytes that it received. */
function jsonOf(response: unknown): unknown {
  return Buffer.isBuffer(response) && response.toString().trim() === 'null' ? null : response;
}
