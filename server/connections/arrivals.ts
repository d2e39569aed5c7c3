import type { Defer } from '../limits/lanes';

/** Connections of one client that are read at once while new ones arrive in every turn of the event loop. */
const AT_ONCE = 8;
/** Connections that are read in one turn when there is time. */
const IN_A_TURN = 4;

/** A connection that has been accepted. */
interface Arrival {
  readonly destroyed: boolean;
}

/**
 * Connections that are accepted but not read yet. Reading and refusing a request takes ten times the time of
 * accepting its connection, and a client with a thousand connections would be ahead of all others in the
 * system's queue: so beyond a few, a client's connections are read when that queue is empty, in turn by
 * client.
 */
export class Arrivals<T extends Arrival> {
  readonly #read: (arrival: T) => void;
  readonly #defer: Defer;
  /** Waiting connections by client, in the order of turns; no list is empty. */
  readonly #queues = new Map<string, T[]>();
  /** Connections by client since the system's queue was empty. */
  readonly #recent = new Map<string, number>();
  #deferred = false;

  /** `defer`: calls back when the system's queue is empty, or after some time. */
  constructor(read: (arrival: T) => void, defer: Defer) {
    this.#read = read;
    this.#defer = defer;
  }

  /** Reads the connection now or later, unless it is destroyed first. */
  add(client: string, arrival: T): void {
    const recent = (this.#recent.get(client) ?? 0) + 1;
    this.#recent.set(client, recent);
    this.#lookLater();
    if (recent <= AT_ONCE) return this.#read(arrival);
    const queue = this.#queues.get(client);
    if (queue) queue.push(arrival);
    else this.#queues.set(client, [arrival]);
  }

  #lookLater(): void {
    if (this.#deferred) return;
    this.#deferred = true;
    this.#defer(() => {
      this.#deferred = false;
      this.#recent.clear();
      for (let n = 0; n < IN_A_TURN; n++) this.#readNext();
      if (this.#queues.size > 0) this.#lookLater();
    });
  }

  #readNext(): void {
    for (const [client, queue] of this.#queues) {
      // The client's others wait behind those of other clients.
      this.#queues.delete(client);
      let next = queue.shift();
      while (next?.destroyed) next = queue.shift();
      if (queue.length > 0) this.#queues.set(client, queue);
      if (next) return this.#read(next);
    }
  }
}
