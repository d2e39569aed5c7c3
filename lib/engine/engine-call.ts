import type { IncomingMessage } from 'node:http';
import type * as z from 'zod/mini';
import { $ZodError } from 'zod/v4/core';
import { infoReading } from '../swarm/engine-json';
import type { ListSchema } from '../swarm/read-list';
import { placeOf, type EngineAddress } from './address';
import type { AnswerBody, WatchedAgent } from './agent';
import { fromAnswer, unreadable } from './answer-errors';
import type { Dockerode } from './dockerode';
import { isEngineError, isRefusal, type EngineError, type EngineErrorKind } from './errors';
import { brokenOff, noEngine, tooLarge, tooManyValues } from './foreign-answers';
import { JsonItems, type JsonText } from './json-items';
import { parseLossless, stringifyLossless } from '../swarm/lossless-json';
import { swarmState } from './swarm-state';
import { toEngineError } from './to-engine-error';

/** Longer than the engine's own 20 s for a swarm without a leader, so that its error is received (ms). */
const TIMEOUT_MS = 25_000;

/**
 * Errors for which `/info` has a better reason: an engine whose swarm did not start returns the same error as one
 * without a swarm, and an error about an expired certificate has no dates.
 */
const UNCLEAR: ReadonlySet<EngineErrorKind> = new Set(['no-swarm', 'swarm-certificate']);

/** Maximum entries of one list; a swarm of Pis has hundreds. */
export const MAX_ITEMS = 50_000;

/** The calls to one engine. Each aborts with `signal`, and throws `EngineError`. */
export interface EngineCalls {
  /** Makes one call: `send` returns the response, which `schema` parses. */
  one: <T>(
    schema: z.ZodMiniType<T>,
    send: (abortSignal: AbortSignal) => Promise<unknown>,
    signal?: AbortSignal,
  ) => Promise<T>;
  /** Makes one call whose JSON is neither read nor written with a number that changes on the way. */
  raw: <T>(schema: z.ZodMiniType<T>, request: SpecRequest, signal?: AbortSignal) => Promise<T>;
  /** Reads the list at `path` while it arrives: the raw JSON of 5,000 tasks (30 MB) is never in memory as a whole. */
  list: <R>(schema: ListSchema<R>, path: string, signal?: AbortSignal) => Promise<R>;
  /** Opens the endless answer at `path`; only until it begins it has a timeout. */
  open: (path: string, signal: AbortSignal) => Promise<IncomingMessage>;
}

/** One call, by its path. */
export interface SpecRequest {
  /** GET by default. */
  method?: 'GET' | 'POST' | 'DELETE';
  path: string;
  body?: unknown;
  /** Maximum time of the call (ms), if it is shorter than usual. */
  timeoutMs?: number;
}

/** The calls to the engine at `address`. */
export function engineCalls(
  address: EngineAddress,
  agent: WatchedAgent,
  docker: Dockerode,
): EngineCalls {
  const where = placeOf(address);

  /** docker-modem never settles when a response is cut off: the timeout and the agent do it instead. */
  const attempt = async <T>(
    read: (abortSignal: AbortSignal) => Promise<T>,
    body: AnswerBody,
    signal?: AbortSignal,
  ): Promise<T> => {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const ends = signal ? AbortSignal.any([timeout, signal]) : timeout;
    let onAbort: (() => void) | undefined;
    const aborted = new Promise<never>((_, reject) => {
      onAbort = () => reject(ends.reason);
      ends.addEventListener('abort', onAbort);
    });
    try {
      return await Promise.race([agent.run(() => read(ends), body), aborted]);
    } catch (error) {
      throw toEngineError(error, address);
    } finally {
      if (onAbort) ends.removeEventListener('abort', onAbort);
    }
  };

  const parse = <T>(schema: z.ZodMiniType<T>, response: unknown): T => {
    const parsed = schema.safeParse(response);
    if (parsed.success) return parsed.data;
    throw unreadable(response, schema, parsed.error, where);
  };

  const rawOnce: EngineCalls['raw'] = (schema, { timeoutMs, ...request }, signal) => {
    const read = async (ends: AbortSignal) => {
      const response = await dial(docker, request, ends);
      try {
        const { statusCode = 0 } = response;
        if (statusCode < 200 || statusCode > 299) throw await failureOf(response, where);
        const text = await textOf(response);
        return parse(schema, text.trim() === '' ? undefined : losslessIn(text));
      } catch (error) {
        throw response.errored !== null && !isEngineError(error) ? brokenOff() : error;
      } finally {
        response.destroy();
      }
    };
    const timeout = timeoutMs === undefined ? [] : [AbortSignal.timeout(timeoutMs)];
    const signals = [...timeout, ...(signal ? [signal] : [])];
    const ends = signals.length === 0 ? undefined : AbortSignal.any(signals);
    return attempt(read, 'whole', ends);
  };

  const callOnce: EngineCalls['one'] = (schema, send, signal) =>
    attempt(async (ends) => parse(schema, jsonOf(await send(ends))), 'whole', signal);

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

  const withReason = async <T>(call: Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await call;
    } catch (error) {
      if (!isEngineError(error) || !UNCLEAR.has(error.kind)) throw error;
      throw (await reasonFromInfo(signal)) ?? error;
    }
  };

  return {
    one: (schema, send, signal) => withReason(callOnce(schema, send, signal), signal),
    raw: (schema, request, signal) => withReason(rawOnce(schema, request, signal), signal),
    list(schema, path, signal) {
      const read = async (ends: AbortSignal) => {
        const response = await dial(docker, { path }, ends);
        try {
          if (response.statusCode !== 200) throw await failureOf(response, where);
          return await readList(schema, response, parse, where);
        } catch (error) {
          throw response.errored !== null && !isEngineError(error) ? brokenOff() : error;
        } finally {
          response.destroy();
        }
      };
      return withReason(attempt(read, 'list', signal), signal);
    },
    open(path, signal) {
      const read = async () => {
        const late = new AbortController();
        const timer = setTimeout(() => late.abort(timedOut()), TIMEOUT_MS);
        try {
          const ends = AbortSignal.any([signal, late.signal]);
          const response = await agent.run(() => dial(docker, { path }, ends), 'endless');
          if (response.statusCode === 200) return response;
          throw await failureOf(response, where);
        } catch (error) {
          throw toEngineError(late.signal.aborted ? timedOut() : error, address);
        } finally {
          clearTimeout(timer);
        }
      };
      return withReason(read(), signal);
    },
  };
}

const timedOut = () => new DOMException('The engine did not answer in time.', 'TimeoutError');

/** Every status code: docker-modem drops the body of a response whose status is not listed. */
const ANY_STATUS = Object.fromEntries(Array.from({ length: 600 }, (_, code) => [code, true]));

function dial(
  docker: Dockerode,
  { method = 'GET', path, body }: Omit<SpecRequest, 'timeoutMs'>,
  abortSignal: AbortSignal,
): Promise<IncomingMessage> {
  const content = body === undefined ? {} : { file: Buffer.from(stringifyLossless(body)) };
  const headers = { ...docker.modem.headers, 'Content-Type': 'application/json' };
  return new Promise((resolve, reject) => {
    docker.modem.dial(
      {
        // docker-modem removes the last character of a path that contains a question mark.
        path: `${path}?`,
        method,
        isStream: true,
        statusCodes: ANY_STATUS,
        abortSignal,
        ...(body === undefined ? {} : { ...content, headers }),
      },
      (error, response) => (error ? reject(error) : resolve(response)),
    );
  });
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return text;
}

/** The engine's reason for a status other than 200. */
async function failureOf(response: IncomingMessage, where: string): Promise<EngineError> {
  const body = await textOf(response);
  return fromAnswer(response.statusCode ?? 0, jsonIn(body), body, where);
}

/** Undefined if it is not JSON. */
function jsonIn(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Undefined if it is not JSON. */
function losslessIn(body: string): unknown {
  try {
    return parseLossless(body);
  } catch {
    return undefined;
  }
}

async function readList<R>(
  schema: ListSchema<R>,
  body: IncomingMessage,
  parse: (schema: z.ZodMiniType<R>, json: unknown) => R,
  where: string,
): Promise<R> {
  const items = new JsonItems();
  const reader = schema.start();
  let count = 0;
  const add = ({ kind, text }: JsonText) => {
    if (++count > MAX_ITEMS) throw tooManyValues();
    const problem = kind === 'large' ? reader.skip(text) : reader.add(JSON.parse(text));
    if (problem === null) return;
    if (problem === 'large') throw tooManyValues();
    const path = [count - 1];
    const error = new $ZodError([{ code: 'custom', path, message: '', input: undefined }]);
    throw unreadable([], schema.whole, error, where);
  };
  try {
    for await (const chunk of body) {
      for (const item of items.push(chunk as Buffer)) add(item);
    }
    const rest = items.end();
    return rest === null ? reader.result() : parse(schema.whole, JSON.parse(rest.text));
  } catch (error) {
    if (error instanceof SyntaxError)
      throw noEngine(where, 'something other than JSON', error, true);
    if (error instanceof RangeError) throw tooLarge(items.limit);
    throw error;
  }
}

/** docker-modem passes `null`, which Go writes for some empty lists, on as the bytes that it received. */
function jsonOf(response: unknown): unknown {
  return Buffer.isBuffer(response) && response.toString().trim() === 'null' ? null : response;
}
