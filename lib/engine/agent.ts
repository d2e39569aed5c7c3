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

/** After the connection's end an answer that came whole has this long to be read to its own end (ms). */
const GRACE_MS = 100;

/**
 * The most that one answer may have, its head included (bytes). A task is 4 kB, so 5,000 tasks are
 * 20 MB. docker-modem keeps an answer whole, and as JSON it can need ten times its size.
 */
export const MAX_ANSWER_BYTES = 24_000_000;

/**
 * The most objects and arrays, and the most values, of one answer: parsed, they take far more memory than
 * as text (`{}` 60 bytes for 3). The heap of 128 MB has 300,000 objects, 2,000 tasks with many networks
 * and labels; who has a larger swarm sets a larger heap (deploy/README.md).
 */
const HEAP_BYTES = getHeapStatistics().heap_size_limit;
export const MAX_OBJECTS = Math.floor(HEAP_BYTES / 440);
export const MAX_VALUES = 5 * MAX_OBJECTS;

/** The most answers of 1xx before the answer proper; docker sends none. */
const MAX_ANNOUNCEMENTS = 5;

/** What every agent of node:http has and its types leave out: the first step of each request. */
interface RequestQueue {
  addRequest(request: ClientRequest, options: RequestOptions): void;
}
const queue = Agent.prototype as unknown as RequestQueue;

/** A call whose request passes through the agent. */
interface Call {
  reject(reason: Error): void;
  /** Its answer has no end, so it may be of any length: whoever reads it keeps no more than a line. */
  endless: boolean;
}

/**
 * The agent of one engine: every connection is opened by `open`, whatever host a request names, and
 * every answer passes the same checks, whoever asked: it is no redirection, it is not Podman's, it
 * has at most `MAX_ANSWER_BYTES`. docker-modem follows redirections to any address, without this
 * agent; it has no limit; and it listens to a response's data and end only, so when a connection
 * breaks between the two it waits for ever. As it keeps its requests to itself, a call is known by
 * the asynchronous context that it is made in.
 */
export class WatchedAgent extends Agent implements RequestQueue {
  readonly #calls = new AsyncLocalStorage<Call>();
  readonly #where: string;
  readonly #open: () => Duplex;

  /** `where` is for error messages: the engine's address within a sentence. */
  constructor(where: string, open: () => Duplex, options?: AgentOptions) {
    super(options);
    this.#where = where;
    this.#open = open;
  }

  /**
   * Runs `ask`, which makes one request. Rejects with an `EngineError` as soon as its answer fails a
   * check, and soon after its connection has ended in the middle of an answer.
   */
  run<T>(ask: () => Promise<T>, { endless = false } = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#calls.run({ reject, endless }, ask).then(resolve, reject);
    });
  }

  /** docker-modem writes every request out in full for a log that nobody reads, open sockets included. */
  [inspect.custom](): string {
    return 'WatchedAgent';
  }

  /** Here and not where a connection is made: one request may wait for, or reuse, another's. */
  addRequest(request: ClientRequest, options: RequestOptions): void {
    const call = this.#calls.getStore();
    const refuse = (reason: Error) => {
      call?.reject(reason);
      request.destroy(reason);
    };
    const endCount = onExcess(request, (reason) => refuse(reason));
    onAnnouncements(request, () => refuse(noEngine(this.#where, 'informational answers only')));
    let answer: IncomingMessage | undefined;
    // Before the listener of whoever made the request.
    request.prependListener('response', (response: IncomingMessage) => {
      answer = response;
      const refusal = refusalOf(response, this.#where);
      if (refusal) {
        // docker-modem's own listener runs all the same, and follows what it finds here.
        delete response.headers.location;
        refuse(refusal);
      } else if (call?.endless && response.statusCode === 200) {
        endCount();
      }
    });
    if (call) {
      // A connection that is reset while an answer comes: its code would mean that nobody listens.
      request.prependListener('error', () => {
        if (answer && !answer.complete) call.reject(brokenOff());
      });
      request.once('close', () => setTimeout(() => call.reject(brokenOff()), GRACE_MS).unref());
    }
    queue.addRequest.call(this, request, options);
  }

  override createConnection(): Duplex {
    return this.#open();
  }
}

/**
 * Calls `onTooMuch` once when more has come for a request than an answer may have, by what its connection
 * brings: so a head, padding or trailers without an end count too, and brackets and commas in strings.
 * Returns how to stop counting.
 */
function onExcess(request: ClientRequest, onTooMuch: (reason: EngineError) => void): () => void {
  let bytes = 0;
  let objects = 0;
  let values = 0;
  let stop = () => {};
  // Emitted once node:http listens to the connection itself, so nothing is lost by listening too.
  request.once('socket', (socket) => {
    const count = (chunk: Buffer) => {
      bytes += chunk.length;
      for (const byte of chunk) {
        if (byte === COMMA) values += 1;
        else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) objects += 1;
      }
      const tooLong = bytes > MAX_ANSWER_BYTES;
      if (!tooLong && objects <= MAX_OBJECTS && values <= MAX_VALUES) return;
      stop();
      onTooMuch(tooLong ? tooLarge(MAX_ANSWER_BYTES) : tooManyValues());
    };
    stop = () => void socket.off('data', count);
    socket.on('data', count);
    request.once('close', stop);
  });
  return () => stop();
}

const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const OPEN_OBJECT = 0x7b;

/**
 * Calls `onTooMany` once when more than `MAX_ANNOUNCEMENTS` answers of 1xx have come. node:http parses a
 * chunk to its end, even of a destroyed connection, and thousands of them fit in one: what is left of it
 * is blanked, which the parser takes for the end.
 */
function onAnnouncements(request: ClientRequest, onTooMany: () => void): void {
  let parsed: Buffer | undefined;
  request.once('socket', (socket) => {
    const keep = (chunk: Buffer) => {
      parsed = chunk;
    };
    socket.prependListener('data', keep);
    request.once('response', () => socket.off('data', keep));
    request.once('close', () => socket.off('data', keep));
  });
  let announcements = 0;
  request.on('information', () => {
    announcements += 1;
    if (announcements !== MAX_ANNOUNCEMENTS + 1) return;
    parsed?.fill(0);
    onTooMany();
  });
}
