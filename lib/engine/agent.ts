import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, type AgentOptions, type ClientRequest, type RequestOptions } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';

/** After the connection's end an answer that came whole has this long to be read to its own end (ms). */
const GRACE_MS = 100;

/** What every agent of node:http has and its types leave out: the first step of each request. */
interface RequestQueue {
  addRequest(request: ClientRequest, options: RequestOptions): void;
}
const queue = Agent.prototype as unknown as RequestQueue;

/**
 * The agent of one engine: every connection is opened by `open`, whatever host a request names.
 * It notifies a call when its connection has ended: docker-modem listens to a response's data and
 * end, and when a connection breaks between the two it waits for ever. docker-modem keeps its
 * requests to itself, so a call is known by the asynchronous context that it is made in.
 */
export class WatchedAgent extends Agent implements RequestQueue {
  readonly #call = new AsyncLocalStorage<() => void>();
  readonly #open: () => Duplex;

  constructor(open: () => Duplex, options?: AgentOptions) {
    super(options);
    this.#open = open;
  }

  /** Runs `ask`; calls `closed` soon after its request has ended, or its connection, however it did. */
  watch<T>(closed: () => void, ask: () => T): T {
    return this.#call.run(closed, ask);
  }

  /** docker-modem writes every request out in full for a log that nobody reads, open sockets included. */
  [inspect.custom](): string {
    return 'WatchedAgent';
  }

  /** Here and not where a connection is made: one request may wait for, or reuse, another's. */
  addRequest(request: ClientRequest, options: RequestOptions): void {
    const closed = this.#call.getStore();
    if (closed) request.once('close', () => setTimeout(closed, GRACE_MS).unref());
    queue.addRequest.call(this, request, options);
  }

  override createConnection(): Duplex {
    return this.#open();
  }
}
