import { AsyncLocalStorage } from 'node:async_hooks';
import {
  Agent,
  type AgentOptions,
  type ClientRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { getHeapStatistics } from 'node:v8';
import type { EngineError } from './errors';
import { brokenOff, noEngine, refusalOf, tooLarge, tooManyValues } from './foreign-answers';

/** After its connection has ended a complete response may be read for this long (ms). */
const GRACE_MS = 100;

/**
 * Maximum size of one response with its head (bytes), a list aside. docker-modem buffers it, and its JSON can need ten
 * times the size.
 */
export const MAX_ANSWER_BYTES = 24_000_000;

/** Maximum size of a list: a task with many labels and mounts is 8 kB, so 5,000 tasks are 40 MB. */
export const MAX_LIST_BYTES = 64_000_000;

/**
 * Maximum objects and arrays, and values, of one response: parsed, they take far more memory than as text (`{}`:
 * 60 bytes for 3). A heap of 128 MB allows 300,000 objects.
 */
const HEAP_BYTES = getHeapStatistics().heap_size_limit;
export const MAX_OBJECTS = Math.floor(HEAP_BYTES / 440);
const VALUES_PER_OBJECT = 5;
export const MAX_VALUES = VALUES_PER_OBJECT * MAX_OBJECTS;

/** Maximum informational (1xx) responses before the response; docker sends none. */
const MAX_INFORMATIONAL = 5;

/** The first step of each request; a method of every agent of node:http that its types lack. */
interface RequestQueue {
  addRequest(request: ClientRequest, options: RequestOptions): void;
}
const queue = Agent.prototype as unknown as RequestQueue;

/**
 * How the body of a response with status 200 is read. `whole`: parsed at once. `list`: entry by entry, with limits of
 * its own on each. `endless`: of any length; its reader buffers no more than a line.
 */
export type AnswerBody = 'whole' | 'list' | 'endless';

/** A call whose request passes through an agent. */
interface Call {
  reject(reason: Error): void;
  body: AnswerBody;
}

/** One for all agents: Node.js never forgets one that was used, and every promise has a property for each. */
const calls = new AsyncLocalStorage<Call>();

/**
 * The agent of one engine. Every connection is opened by `open`, whatever host a request names, and every
 * response is checked: it is not a redirect, not from Podman, and has at most `MAX_ANSWER_BYTES`. docker-modem
 * follows redirects to any address, without this agent; has no limit; and never settles when a connection
 * breaks within a response. It does not expose its requests, so a call is identified by its async context.
 */
export class WatchedAgent extends Agent implements RequestQueue {
  readonly #where: string;
  readonly #open: () => Duplex;

  /** `where` is for error messages: the engine's address within a sentence. */
  constructor(where: string, open: () => Duplex, options?: AgentOptions) {
    super(options);
    this.#where = where;
    this.#open = open;
  }

  /**
   * Runs `send`, which makes one request. Rejects with an `EngineError` as soon as its response fails a check,
   * and soon after its connection has ended within a response.
   */
  run<T>(send: () => Promise<T>, body: AnswerBody = 'whole'): Promise<T> {
    return new Promise((resolve, reject) => {
      calls.run({ reject, body }, send).then(resolve, reject);
    });
  }

  /** docker-modem formats every request for a debug log, open sockets included. */
  [inspect.custom](): string {
    return 'WatchedAgent';
  }

  /** Here and not in `createConnection`: a request may wait for, or reuse, another one's connection. */
  addRequest(request: ClientRequest, options: RequestOptions): void {
    const call = calls.getStore();
    const refuse = (reason: Error) => {
      call?.reject(reason);
      request.destroy(reason);
    };
    const setLimits = onExcess(request, (reason) => refuse(reason));
    onInformationalExcess(request, () =>
      refuse(noEngine(this.#where, 'informational answers only')),
    );
    let received: IncomingMessage | undefined;
    // Before the listener of the request's sender.
    request.prependListener('response', (response: IncomingMessage) => {
      received = response;
      const refusal = refusalOf(response, this.#where);
      if (refusal) {
        // docker-modem's own listener runs too, and follows this header.
        delete response.headers.location;
        refuse(refusal);
      } else if (call && response.statusCode === 200) {
        setLimits(LIMITS[call.body]);
      }
    });
    if (call) {
      // A connection that is reset within a response: its error code would mean that the engine is stopped.
      request.prependListener('error', () => {
        if (received && !received.complete) call.reject(brokenOff());
      });
      request.once('close', () => setTimeout(() => call.reject(brokenOff()), GRACE_MS).unref());
    }
    queue.addRequest.call(this, request, options);
  }

  override createConnection(): Duplex {
    return this.#open();
  }
}

/** Limits on one response; null: none. */
interface AnswerLimits {
  bytes: number;
  /** Objects and arrays, and values; null: not counted. */
  objects: number | null;
}

const LIMITS: Readonly<Record<AnswerBody, AnswerLimits | null>> = {
  whole: { bytes: MAX_ANSWER_BYTES, objects: MAX_OBJECTS },
  list: { bytes: MAX_LIST_BYTES, objects: null },
  endless: null,
};

/**
 * Calls `onTooMuch` once when a response exceeds a limit. Counts the bytes of the connection: an endless head,
 * padding or trailers count too, and so do brackets and commas in strings. Returns a function that sets other limits
 * than those of a `whole` response.
 */
function onExcess(
  request: ClientRequest,
  onTooMuch: (reason: EngineError) => void,
): (limits: AnswerLimits | null) => void {
  let limits = LIMITS.whole;
  let bytes = 0;
  let objects = 0;
  let values = 0;
  let stop = () => {};
  // Emitted after node:http has attached its own listener, so no data is lost.
  request.once('socket', (socket) => {
    const count = (chunk: Buffer) => {
      if (limits === null) return stop();
      bytes += chunk.length;
      if (bytes > limits.bytes) {
        stop();
        return onTooMuch(tooLarge(limits.bytes));
      }
      if (limits.objects === null) return;
      for (const byte of chunk) {
        if (byte === COMMA) values += 1;
        else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) objects += 1;
      }
      if (objects <= limits.objects && values <= VALUES_PER_OBJECT * limits.objects) return;
      stop();
      onTooMuch(tooManyValues());
    };
    stop = () => void socket.off('data', count);
    socket.on('data', count);
    request.once('close', stop);
  });
  return (next) => {
    limits = next;
  };
}

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * Calls `onTooMany` once after more than `MAX_INFORMATIONAL` 1xx responses. node:http parses a chunk to its end,
 * even of a destroyed connection, and thousands of them fit in one: the rest of it is zeroed, which ends the
 * parser.
 */
function onInformationalExcess(request: ClientRequest, onTooMany: () => void): void {
  let parsed: Buffer | undefined;
  request.once('socket', (socket) => {
    const keep = (chunk: Buffer) => {
      parsed = chunk;
    };
    socket.prependListener('data', keep);
    request.once('response', () => socket.off('data', keep));
    request.once('close', () => socket.off('data', keep));
  });
  let informational = 0;
  request.on('information', () => {
    informational += 1;
    if (informational !== MAX_INFORMATIONAL + 1) return;
    parsed?.fill(0);
    onTooMany();
  });
}
