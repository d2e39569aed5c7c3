import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { CLIENT_HEADER } from '@/lib/auth/client';
import { log } from '@/lib/log';
import type { Settings } from '@/lib/settings';
import { whenAccepted } from '../connections/accepting';
import { MAX_BODY, tooLong } from '@/lib/api';
import { isTooLong, whenArrived } from './body';
import { clientAddress } from './client';
import type { Handler } from '../handler';
import { RequestLane } from './lanes';
import { isOperator } from './operator';
import { Precedence } from './precedence';
import type { Kind } from '../address/routes';
import { watchReader } from './slow-readers';
import { findTarget, toOriginForm } from '../address/target';
import { recordRefusal, turnAway, type TurnedAway } from '../answers/turn-away';
import { inTurn } from '../connections/turns';

/**
 * Requests in flight per kind. A page takes the most memory and CPU time, a change must be answered within a
 * second under any load, files are sent from memory.
 */
function createLanes(): Record<Exclude<Kind, 'health'>, RequestLane> {
  return {
    page: new RequestLane({ running: 2, waiting: 48, waitMs: 8000 }, whenAccepted),
    read: new RequestLane({ running: 3, waiting: 48, waitMs: 8000 }, whenAccepted),
    // Many people may change the swarm at once, a class for one: changes wait for each other at the engine anyway.
    // Those with a new image wait for its registry first, up to ten seconds, and others must not wait for them.
    change: new RequestLane({ running: 16, waiting: 240, waitMs: 20_000 }),
    lookup: new RequestLane({ running: 6, waiting: 48, waitMs: 20_000 }),
    stream: new RequestLane({ running: 4, waiting: 48, waitMs: 8000 }, whenAccepted),
    file: new RequestLane({ running: 12, waiting: 96, waitMs: 8000 }),
  };
}

const BUSY: TurnedAway = {
  status: 503,
  kind: 'busy',
  detail: 'The dashboard has too many requests to answer.',
  next: 'Try again in a few seconds.',
  headers: { 'Retry-After': '5' },
};

const bodyTooLong = (most: number): TurnedAway => ({
  status: 413,
  kind: 'too-large',
  ...tooLong(most),
});

/**
 * Passes requests on within the limits of their connection, client and kind. `enters`: whether a request is
 * admitted; if not, it has been answered.
 */
export function limitRequests(
  handle: Handler,
  { trustedProxies, origin }: Settings,
  enters: (request: IncomingMessage, response: ServerResponse) => boolean,
): RequestListener {
  const lanes = createLanes();
  const { change, ...others } = lanes;
  const precedence = new Precedence(Object.values(others));

  function pass(request: IncomingMessage, response: ServerResponse, kind: Kind): void {
    const answer = () =>
      handle(request, response).catch((error: unknown) => {
        log('error', 'defect', { message: String(error) });
        request.socket.destroy();
      });
    if (kind === 'health') return void answer();
    const lane = lanes[kind];
    let started = false;
    const leave = lane.enter({
      client: String(request.headers[CLIENT_HEADER]),
      start: () => {
        started = true;
        // A stream keeps its place only until it has started.
        if (kind === 'stream') onHeaders(response, () => leave());
        if (lane === change) response.once('close', precedence.begin());
        watchReader(response, () => kind !== 'stream' && lane.waiting > 0);
        whenOver(response, answer(), () => leave());
      },
      refuse: () => turnAway(request, response, BUSY),
    });
    const giveUp = () => {
      if (!started) leave();
    };
    if (response.closed) giveUp();
    else response.once('close', giveUp);
  }

  return inTurn(
    (request, response) => {
      nameClient(request, trustedProxies);
      toOriginForm(request);
      if (!enters(request, response)) return;
      const target = findTarget(request, origin);
      const most = 'status' in target ? MAX_BODY : target.maxBody;
      if (isTooLong(request, most)) return turnAway(request, response, bodyTooLong(most));
      if ('status' in target) return turnAway(request, response, target);
      if (request.method === 'OPTIONS') return answerOptions(response, target.methods);
      if (request.headers.expect !== undefined) response.writeContinue();
      whenArrived(request, response, { most, isOperator: () => isOperator(request) }, (arrival) => {
        if (arrival === 'whole') pass(request, response, target.kind);
        else turnAway(request, response, arrival === 'too-many' ? BUSY : bodyTooLong(most));
      });
    },
    (request) => {
      recordRefusal(request, { kind: 'busy', status: null });
      request.socket.destroy();
    },
  );
}

function answerOptions(response: ServerResponse, methods: readonly string[]): void {
  response.writeHead(204, { Allow: [...methods, 'OPTIONS'].join(', ') }).end();
}

function nameClient(request: IncomingMessage, trusted: Settings['trustedProxies']): void {
  const { headers, socket } = request;
  for (const name of Object.keys(headers)) {
    if (name.startsWith('x-clusterhat-')) delete headers[name];
  }
  const forwarded = request.headersDistinct['x-forwarded-for'];
  headers[CLIENT_HEADER] = clientAddress(socket.remoteAddress, forwarded, trusted);
}

/** Maximum time that an answer keeps its place after its client has disconnected (ms). */
const ABANDONED_MS = 30_000;

/**
 * Calls `then` when an answer is closed and no longer rendered: Next continues rendering a page whose client
 * has disconnected, so a client that disconnects a thousand times must not start a thousand pages.
 */
function whenOver(response: ServerResponse, made: Promise<void>, then: () => void): void {
  response.once('close', () => {
    const timer = setTimeout(then, ABANDONED_MS);
    void made.finally(() => {
      clearTimeout(timer);
      then();
    });
  });
}

/** Calls `then` once, when the answer's headers are sent. */
function onHeaders(response: ServerResponse, then: () => void): void {
  const writeHead = response.writeHead.bind(response) as (...args: unknown[]) => ServerResponse;
  response.writeHead = (...args: unknown[]) => {
    setImmediate(then);
    return writeHead(...args);
  };
}
