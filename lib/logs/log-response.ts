import { callerOf } from '../auth';
import { engineProblem, guardLogs, guardStream, problemResponse } from '../http';
import { getEngine, getFeed, readView, SSE_HEADERS, sseStream } from '../live';
import { parseLogQuery, type LogQuery } from '../swarm/logs/query';
import { missingNodes } from '../swarm/logs/target';
import { logNames, type LogNames } from '../swarm/logs/text';
import type { SwarmView } from '../swarm/view';
import type { FollowedLog } from './followed-log';
import { FollowedLogs } from './followed-logs';
import { logPart, type FoundLog, type LogPart } from './log-part';
import { logSource } from './log-source';
import { followedText, TEXT_ENDS, wholeText } from './text-source';

const LOGS = Symbol.for('clusterhat.logs');
const scope = globalThis as { [LOGS]?: FollowedLogs };

/** The process's followed logs. */
function getLogs(): FollowedLogs {
  scope[LOGS] ??= new FollowedLogs(getEngine(), getFeed());
  return scope[LOGS];
}

/** `Retry-After` where too many logs are read (s). */
const RETRY_SECONDS = 15;

const TEXT_HEADERS = {
  'Content-Type': 'text/plain; charset=utf-8',
  'X-Content-Type-Options': 'nosniff',
  // Without `no-transform` Next would compress, and so buffer, what is followed.
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
  Vary: 'Accept',
} as const;

function headersOf({ format, follow }: LogQuery, { name }: LogPart): Record<string, string> {
  if (format === 'events') return { ...SSE_HEADERS, Vary: 'Accept' };
  if (follow) return TEXT_HEADERS;
  const file = `${name.replaceAll(/[^\w.-]/g, '_')}.log`;
  return { ...TEXT_HEADERS, 'Content-Disposition': `attachment; filename="${file}"` };
}

function queryOf(request: Request): LogQuery | string {
  const accept = request.headers.get('accept') ?? '';
  return parseLogQuery(new URL(request.url).searchParams, accept, Date.now());
}

/**
 * The log that `find` finds in the present view: as events, or as text by `?format=text` or without `Accept`. For HEAD only
 * its headers.
 */
export async function logResponse(
  request: Request,
  find: (view: SwarmView) => FoundLog | Response,
): Promise<Response> {
  const { owner, refusal } = guardStream(request, guardLogs);
  if (refusal) return refusal;
  const query = queryOf(request);
  if (typeof query === 'string') return problemResponse('bad-request', query);
  let view: SwarmView;
  try {
    view = await readView(getFeed());
  } catch (error) {
    return engineProblem(error, request);
  }
  const found = find(view);
  if (found instanceof Response) return found;
  const part = logPart(found, query, view);
  if (part instanceof Response) return part;
  if (request.method === 'HEAD') return new Response(null, { headers: headersOf(query, part) });
  const { ended } = callerOf(request.headers);
  const left = ended ? AbortSignal.any([request.signal, ended]) : request.signal;
  return query.follow
    ? followed(request, query, part, left, owner)
    : whole(request, query, part, view, left, owner);
}

/** How long a text waits for the engine's answer, which can be an error (ms). */
const OPENING_MS = 1500;

async function followed(
  request: Request,
  query: LogQuery,
  part: LogPart,
  left: AbortSignal,
  owner: unknown,
): Promise<Response> {
  const { format, tail, since, duration } = query;
  const log = getLogs().open(part.target, { tail: tail ?? 0, since, duration });
  if (!log) return full('Too many logs are being followed.');
  const headers = headersOf(query, part);
  if (format === 'events') {
    const source = logSource(log, request.headers.get('last-event-id'), since);
    return new Response(sseStream([source], left, owner), { headers });
  }
  await opened(log);
  const { state, error } = log.status;
  // Events have it in their state, and continue when it is over.
  if (error && state !== 'live') return engineProblem(error, request);
  const source = followedText(log, currentNames, { since, part });
  return new Response(sseStream([source], left, owner, TEXT_ENDS), { headers });
}

/** Waits until the engine has answered, but not for long. */
function opened(log: FollowedLog): Promise<void> {
  if (log.status.state !== 'opening') return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      unsubscribe();
      resolve();
    };
    const timer = setTimeout(done, OPENING_MS);
    const unsubscribe = log.subscribe(() => {
      if (log.status.state !== 'opening') done();
    });
  });
}

function full(detail: string): Response {
  const options = { retryAfter: RETRY_SECONDS };
  return problemResponse('too-many-streams', detail, 'Close some of them, or wait.', options);
}

async function whole(
  request: Request,
  query: LogQuery,
  part: LogPart,
  view: SwarmView,
  left: AbortSignal,
  owner: unknown,
): Promise<Response> {
  const leavePlace = getLogs().takePlace();
  if (!leavePlace) return full('Too many logs are being read.');
  const stop = new AbortController();
  const signal = AbortSignal.any([left, stop.signal]);
  let accept = () => {};
  const accepted = new Promise<void>((resolve) => (accept = resolve));
  const options = { follow: false, tail: query.tail, since: query.since };
  const pieces = getEngine().logs(part.target, options, signal, accept)[Symbol.asyncIterator]();
  const first = pieces.next();
  try {
    // Its error is the answer if the engine does not accept the request.
    await Promise.race([first, accepted]);
  } catch (error) {
    leavePlace();
    return engineProblem(error, request);
  }
  let begun = false;
  const all: typeof pieces = {
    next() {
      if (begun) return pieces.next();
      begun = true;
      return first;
    },
  };
  const missing = missingNodes(view, part.target);
  const source = wholeText(all, { missing, names: logNames(view), part }, () => {
    leavePlace();
    stop.abort();
  });
  return new Response(sseStream([source], left, owner, TEXT_ENDS), {
    headers: headersOf(query, part),
  });
}

const NO_NAMES: LogNames = { tasks: new Map(), nodes: new Map() };
let named: { view: SwarmView; names: LogNames } | null = null;

/** The names of the present view, computed once for it. */
function currentNames(): LogNames {
  const { view } = getFeed().current();
  if (!view) return NO_NAMES;
  if (named?.view !== view) named = { view, names: logNames(view) };
  return named.names;
}
