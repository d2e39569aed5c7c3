import { AsyncLocalStorage } from 'node:async_hooks';
import { Agent, type ClientRequestArgs } from 'node:http';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';

/** After the connection's end an answer that came whole has this long to be read to its own end (ms). */
const GRACE_MS = 100;

/**
 * An agent that tells a call when its connection has ended: docker-modem listens to an answer's
 * data and end, and when a connection breaks between the two it waits for ever. It opens its
 * connections itself, so a call is known by the asynchronous context that it is made in.
 */
export class WatchedAgent extends Agent {
  readonly #call = new AsyncLocalStorage<() => void>();

  /** Runs `ask`; calls `closed` soon after the connection of its request has ended, however it did. */
  watch<T>(closed: () => void, ask: () => T): T {
    return this.#call.run(closed, ask);
  }

  /** docker-modem writes every request out in full for a log that nobody reads, open sockets included. */
  [inspect.custom](): string {
    return 'WatchedAgent';
  }

  override createConnection(
    options: ClientRequestArgs,
    callback?: (error: Error | null, stream: Duplex) => void,
  ): Duplex | null | undefined {
    const connection = super.createConnection(options, callback);
    const closed = this.#call.getStore();
    if (closed) connection?.once('close', () => setTimeout(closed, GRACE_MS).unref());
    return connection;
  }
}
