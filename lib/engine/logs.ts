import type { IncomingMessage } from 'node:http';
import { LogFormatError } from '../swarm/logs/frames';
import { LogReader, type LogEntry } from '../swarm/logs/lines';
import type { LogTarget } from '../swarm/logs/target';
import type { EngineAddress } from './address';
import type { EngineCalls } from './engine-call';
import { EngineError, isRefusal } from './errors';
import { brokenOff } from './foreign-answers';
import { pathPart } from './path-part';
import { toEngineError } from './to-engine-error';

/** Which lines of a log. */
export interface LogOptions {
  /** Also those that will be written: such a stream does not end by itself, not even when its service is removed. */
  follow: boolean;
  /** The last ones of each task, its service's earlier tasks included; null: all. */
  tail: number | null;
  /** Those since this time by the clock of the node that wrote them: RFC 3339 with nanoseconds; null: all. */
  since: string | null;
}

/**
 * Without `follow`, an answer in which nothing arrives for this long has ended (ms): an engine of 20.10 never ends it
 * when a node was cut off, and newer ones after 20 s.
 */
export const LOG_SILENCE_MS = 10_000;

const SILENT: LogEntry = {
  kind: 'failure',
  text: `Some lines may be missing: the engine sent nothing for ${LOG_SILENCE_MS / 1000} s.`,
};

/**
 * Reads a log, in pieces as they arrive and only as fast as they are taken. `onOpen` is called when the engine has
 * accepted the request. Throws `EngineError`; ends quietly when `signal` aborts.
 */
export async function* readLog(
  open: EngineCalls['open'],
  address: EngineAddress,
  target: LogTarget,
  options: LogOptions,
  signal: AbortSignal,
  { onOpen, silenceMs = LOG_SILENCE_MS }: { onOpen?: () => void; silenceMs?: number } = {},
): AsyncGenerator<LogEntry[]> {
  const reader = new LogReader();
  let response: IncomingMessage | undefined;
  try {
    response = await open(pathOf(target, options), signal);
    onOpen?.();
    const chunks = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      const next = await within(chunks.next(), options.follow ? null : silenceMs);
      if (next === 'silent') {
        yield [...reader.end(), SILENT];
        return;
      }
      const entries = next.done ? reader.end() : reader.push(next.value);
      if (entries.length > 0) yield entries;
      if (reader.error) throw reader.error;
      if (next.done) return;
    }
  } catch (error) {
    if (signal.aborted) return;
    if (isRefusal(error)) throw refused(target, error);
    if (error instanceof LogFormatError) throw unreadable(error);
    throw response?.errored ? brokenOff() : toEngineError(error, address);
  } finally {
    response?.destroy();
  }
}

function pathOf({ kind, id }: LogTarget, { follow, tail, since }: LogOptions): string {
  const from = since === null ? '' : `&since=${unixTime(since)}`;
  // The socket proxy (deploy/socket-proxy.cfg) compares this query as it is.
  const query = `stdout=1&stderr=1&timestamps=1&details=1&follow=${follow ? 1 : 0}&tail=${tail ?? 'all'}${from}`;
  return `/${kind}s/${pathPart(kind, id)}/logs?${query}`;
}

/** Seconds with nanoseconds, without a rounding of the fraction. */
function unixTime(time: string): string {
  const [, fraction = ''] = /\.(\d+)/.exec(time) ?? [];
  const seconds = Math.max(0, Math.floor(Date.parse(time) / 1000));
  return `${seconds}.${fraction.padEnd(9, '0').slice(0, 9)}`;
}

/** The promise's result, or `silent` if it takes longer than `ms`. */
async function within<T>(promise: Promise<T>, ms: number | null): Promise<T | 'silent'> {
  if (ms === null) return promise;
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<'silent'>((resolve) => {
    timer = setTimeout(resolve, ms, 'silent');
  });
  try {
    return await Promise.race([promise, silence]);
  } finally {
    clearTimeout(timer);
    // The stream is destroyed when it was silent.
    promise.catch(() => {});
  }
}

function refused({ kind }: LogTarget, error: EngineError): EngineError {
  const named = /\bALLOW_[A-Z]{1,20}\b/.exec(error.message)?.[0];
  const words = error.next === undefined && !named ? ` Its answer: ${error.message}` : '';
  return new EngineError(
    'engine-refused',
    `A proxy in front of the engine refuses logs: it needs ${named ?? `${kind.toUpperCase()}S`}.${words}`,
    'Set this switch of the socket proxy to 1.',
    { cause: error, refused: true },
  );
}

function unreadable(cause: LogFormatError): EngineError {
  return new EngineError(
    'engine-error',
    'The engine’s answer is no log that this dashboard can read.',
    'Compare `docker version` with the versions that the dashboard is made for.',
    { cause },
  );
}
