/** A request that waits to be handled. */
export interface Ticket {
  /** The client's address: waiting clients take turns. */
  client: string;
  start(): void;
  /** It has waited too long, or too many wait. */
  refuse(): void;
}

/** Limits of a lane. */
export interface LaneLimits {
  /** Requests in flight. */
  running: number;
  /** Requests that wait. */
  waiting: number;
  /** The longest wait (ms). */
  waitMs: number;
}

/** Calls `then` some time later. */
export type Defer = (then: () => void) => void;

interface Place {
  ticket: Ticket;
  state: 'waiting' | 'running' | 'left';
  timer?: NodeJS.Timeout;
}

/**
 * Requests of one kind with a limit in flight. The others wait in turn by client, so that a client with a
 * thousand requests waits longer than one with a single request; when too many wait, the client with the most
 * is refused.
 */
export class RequestLane {
  readonly #limits: LaneLimits;
  /** Waiting requests by client, in the order of turns; no list is empty. */
  readonly #queues = new Map<string, Place[]>();
  #running = 0;
  #waiting = 0;
  #held = false;
  #deferred = false;
  readonly #defer: Defer | null;

  /** `defer`: calls back when there is time to start something; without it that is at once. */
  constructor(limits: LaneLimits, defer: Defer | null = null) {
    this.#limits = limits;
    this.#defer = defer;
  }

  get waiting(): number {
    return this.#waiting;
  }

  /** Starts nothing until `release`; requests in flight continue. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    this.#fill();
  }

  /** Starts the ticket now, later or never. The returned function must be called at its end. */
  enter(ticket: Ticket): () => void {
    const place: Place = { ticket, state: 'waiting' };
    this.#wait(place);
    this.#fill();
    if (this.#waiting > this.#limits.waiting + (this.#deferred ? this.#limits.running : 0)) {
      this.#refuse(this.#lastOfLongest() ?? place);
    }
    return () => this.#leave(place);
  }

  #hasRoom(): boolean {
    return !this.#held && this.#running < this.#limits.running;
  }

  #start(place: Place): void {
    place.state = 'running';
    this.#running++;
    place.ticket.start();
  }

  #wait(place: Place): void {
    const { client } = place.ticket;
    const queue = this.#queues.get(client) ?? [];
    this.#queues.set(client, [...queue, place]);
    this.#waiting++;
    place.timer = setTimeout(() => this.#refuse(place), this.#limits.waitMs);
  }

  #lastOfLongest(): Place | undefined {
    const longest = [...this.#queues.values()].reduce((a, b) => (b.length > a.length ? b : a));
    return longest.at(-1);
  }

  #refuse(place: Place): void {
    this.#drop(place);
    place.ticket.refuse();
  }

  #leave(place: Place): void {
    if (place.state === 'waiting') this.#drop(place);
    if (place.state !== 'running') return;
    place.state = 'left';
    this.#running--;
    this.#fill();
  }

  #fill(): void {
    if (!this.#defer) return this.#fillNow();
    if (this.#deferred || !this.#hasRoom() || this.#waiting === 0) return;
    this.#deferred = true;
    this.#defer(() => {
      this.#deferred = false;
      this.#fillNow();
    });
  }

  #fillNow(): void {
    while (this.#hasRoom()) {
      const next = this.#queues.values().next().value?.[0];
      if (!next) return;
      const { client } = next.ticket;
      this.#drop(next);
      // The client's others wait behind those of other clients.
      const others = this.#queues.get(client);
      if (others) {
        this.#queues.delete(client);
        this.#queues.set(client, others);
      }
      this.#start(next);
    }
  }

  /** Removes a ticket from its queue. */
  #drop(place: Place): void {
    clearTimeout(place.timer);
    place.state = 'left';
    this.#waiting--;
    const { client } = place.ticket;
    const others = this.#queues.get(client)?.filter((other) => other !== place);
    if (others?.length) this.#queues.set(client, others);
    else this.#queues.delete(client);
  }
}
