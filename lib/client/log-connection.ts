import { BUILD, BUILD_HEADER } from '@/lib/build';
import type { LogMessage } from '@/lib/swarm/logs/messages';
import { alteredAnswer } from './altered-answer';
import { createEventReader } from './event-reader';
import { PAGE_OUTDATED } from './page-outdated';
import { parseJson, readProblem } from './read-json';
import { setRole, type ShownProblem } from './request';

/** Pauses between attempts (ms). */
const RETRY_MS = [500, 1000, 2000, 4000];
/** Pause after a problem that may pass, unless the server names one (s). */
const PROBLEM_SECONDS = 5;
const MAX_SECONDS = 60;
/** The connection of a page that is hidden is closed after this time (ms). */
const HIDDEN_MS = 5000;
/** Problems that do not pass by themselves. */
const LASTING: ReadonlySet<string> = new Set([
  'sign-in-required',
  'operator-required',
  'read-only',
  'not-found',
  'bad-request',
  'page-outdated',
]);

/** `open`: the server sends. `lost`: it is connected again soon. `refused`: see the problem. */
export type LogLink = 'connecting' | 'open' | 'lost' | 'refused';

export interface LogEvents {
  message(message: LogMessage): void;
  link(link: LogLink, problem: ShownProblem | null): void;
}

export interface LogConnection {
  /** Connects anew, from the last message on: the network may have been away. */
  reconnect(): void;
  close(): void;
}

/**
 * Keeps one connection to a log open while the page is visible. It is read with `fetch`, whose answer says why the server
 * refuses it. A connection after the first continues after the last message that arrived.
 */
export function openLog(path: `api/${string}`, events: LogEvents): LogConnection {
  let stop = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let lastId: string | null = null;

  const connect = () => {
    clearTimeout(timer);
    stop.abort();
    stop = new AbortController();
    void read(stop.signal);
  };

  const later = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(connect, ms);
  };

  const lost = (signal: AbortSignal) => {
    if (signal.aborted) return;
    events.link('lost', null);
    later(RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)] ?? 0);
    attempts += 1;
  };

  const read = async (signal: AbortSignal) => {
    try {
      const headers = { accept: 'text/event-stream', ...(lastId && { 'last-event-id': lastId }) };
      const response = await fetch(path, { signal, headers, cache: 'no-store' });
      const refusal = await refusalOf(response);
      if (signal.aborted) return;
      if (refusal) {
        const { problem, seconds } = refusal;
        if (problem.kind === 'sign-in-required') setRole('reader');
        events.link('refused', problem);
        if (!LASTING.has(problem.kind)) later(seconds * 1000);
        return;
      }
      attempts = 0;
      events.link('open', null);
      const parse = createEventReader();
      const pieces = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      for (let piece = await pieces?.read(); piece && !piece.done; piece = await pieces?.read()) {
        for (const { data, id } of parse(piece.value)) {
          if (signal.aborted) return;
          lastId = id ?? lastId;
          events.message(JSON.parse(data) as LogMessage);
        }
      }
      lost(signal);
    } catch {
      lost(signal);
    }
  };

  const onVisibility = () => {
    clearTimeout(hiding);
    if (!document.hidden) {
      if (stop.signal.aborted) connect();
      return;
    }
    hiding = setTimeout(() => {
      clearTimeout(timer);
      stop.abort();
    }, HIDDEN_MS);
  };
  document.addEventListener('visibilitychange', onVisibility);
  const reconnect = () => {
    if (!document.hidden) connect();
  };
  addEventListener('online', reconnect);
  connect();
  return {
    reconnect,
    close() {
      clearTimeout(timer);
      clearTimeout(hiding);
      stop.abort();
      document.removeEventListener('visibilitychange', onVisibility);
      removeEventListener('online', reconnect);
    },
  };
}

/** Why an answer is no log, and when to try again; null for a log. */
export async function refusalOf(
  response: Response,
): Promise<{ problem: ShownProblem; seconds: number } | null> {
  const seconds = Number(response.headers.get('retry-after')) || PROBLEM_SECONDS;
  const rest = { type: 'about:blank', title: 'No log', status: response.status };
  const refused = (problem: Pick<ShownProblem, 'kind' | 'detail' | 'next'>) => ({
    problem: { ...rest, ...problem },
    seconds: Math.min(seconds, MAX_SECONDS),
  });
  if (!response.ok) {
    const problem = readProblem(parseJson(await response.text()));
    return refused(
      problem ??
        alteredAnswer(`The log could not be read: the answer has status ${response.status}.`),
    );
  }
  const build = response.headers.get(BUILD_HEADER);
  if (build === BUILD) return null;
  return refused(
    build ? PAGE_OUTDATED : alteredAnswer('Another program answered in place of the dashboard.'),
  );
}
