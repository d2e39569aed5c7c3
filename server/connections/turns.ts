import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { holdBody } from './waiting-body';

/** Requests that may wait behind the one that is answered. Browsers, curl and nginx send the next one after the answer. */
const MOST_WAITING = 4;

interface Waiting {
  request: IncomingMessage;
  response: ServerResponse;
  /** Puts back what has arrived of its body; null: it has none. */
  putBack: (() => void) | null;
}

interface Turns {
  /** The last request that was passed on. */
  request: IncomingMessage | null;
  answering: boolean;
  /** Null: the connection was ended, and what still comes from it is dropped. */
  waiting: Waiting[] | null;
}

/** By connection. */
const turns = new WeakMap<Socket, Turns>();

/**
 * Passes on one request of each connection at a time. Node emits all requests that arrive in one chunk at
 * once, thousands of them in 100 kB; a connection with more than a few waiting, or with a long body, is ended by `refuse`.
 */
export function inTurn(
  listener: RequestListener,
  refuse: (request: IncomingMessage) => void,
): RequestListener {
  return (request, response) => {
    const { socket } = request;
    const turn = turnsOf(socket);
    if (turn.waiting === null || !socket.writable) return;
    if (!turn.answering) return start(request, response);
    const end = () => {
      if (turn.waiting === null) return;
      turn.waiting = null;
      stopParsing(socket);
      refuse(request);
    };
    turn.waiting.push({ request, response, putBack: holdBody(request, end) });
    if (turn.waiting.length > MOST_WAITING) end();
  };

  function start(
    request: IncomingMessage,
    response: ServerResponse,
    putBack: Waiting['putBack'] = null,
  ): void {
    const { socket } = request;
    const turn = turnsOf(socket);
    turn.answering = true;
    turn.request = request;
    response.once('close', () => {
      turn.answering = false;
      const next = socket.writable ? turn.waiting?.shift() : undefined;
      if (next) start(next.request, next.response, next.putBack);
    });
    if (!putBack) {
      listener(request, response);
      return;
    }
    putBack();
    // Node notices the removed listener at the next tick; only then can another one be added.
    setImmediate(() => {
      if (socket.writable) listener(request, response);
    });
  }
}

/** Whether a request of this connection is being answered, so that nothing else may be written to it. */
export function isAnswering(socket: Socket): boolean {
  return turns.get(socket)?.answering === true;
}

/** Whether part of the current request has not arrived yet. */
export function isReceiving(socket: Socket): boolean {
  return turns.get(socket)?.request?.complete === false;
}

/** What Node's parser of a connection calls for each request, without types as it is Node's own. */
type Parsed = Socket & { parser?: { onIncoming?: () => number } | null };

/** The parser's return value for a connection that is upgraded: it does not parse the rest. */
const NO_HTTP = 2;

/**
 * Drops the rest of what has arrived without parsing it: thousands of requests in one chunk would each be an
 * object with headers and an `aborted` error with a stack. Without Node's `parser` they are parsed.
 */
function stopParsing(socket: Parsed): void {
  if (socket.parser) socket.parser.onIncoming = () => NO_HTTP;
}

function turnsOf(socket: Socket): Turns {
  let turn = turns.get(socket);
  if (!turn) {
    turn = { request: null, answering: false, waiting: [] };
    turns.set(socket, turn);
  }
  return turn;
}
