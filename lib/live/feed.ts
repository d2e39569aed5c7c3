import { EngineError, isEngineError, type Engine } from '../engine';
import type { EngineInfo } from '../swarm/engine-json';
import type { ViewOptions } from '../swarm/build-view';
import type { SwarmView } from '../swarm/view';
import { EventSubscription } from './events';
import { EngineReader } from './engine-reader';
import { EncodedView } from './encoded-view';
import { Pause, pauseAfter } from './poll-interval';

/** Something moved this recently (ms): longer than swarm's restart delay and monitor window, 5 s each. */
const MOVING_FOR_MS = 6500;
/** From the look that a page is made from to the page's own call, on a slow machine (ms). */
export const MADE_MS = 4000;
/** Subscribers are told at least this often, or they could not tell a slow engine from a lost server (ms). */
const PULSE_MS = 2000;

/** Whether the picture is live, and why not. Times by this server's clock (ms). */
export interface FeedStatus {
  state: 'connecting' | 'live' | 'stale';
  /** When the engine last gave a whole picture. */
  at: number | null;
  error: EngineError | null;
}

/** What the feed needs besides an engine; the clock is a parameter for tests. */
export interface FeedOptions extends ViewOptions {
  now?: () => number;
}

/**
 * The one poller of the process. It looks at the engine while at least one subscriber is there,
 * and tells subscribers that there is something new; what is new they read from its picture. It
 * never gives up: a failed look is told, the last picture kept, and the next look follows.
 */
export class Feed {
  readonly #now: () => number;
  readonly #looker: EngineReader;
  readonly #ears: EventSubscription;
  readonly #pause = new Pause();
  readonly #subscribers = new Set<() => void>();

  #status: FeedStatus = { state: 'connecting', at: null, error: null };
  #movedAt = Number.NEGATIVE_INFINITY;
  #stop: AbortController | null = null;
  #looking: Promise<void> | null = null;
  /** When the last look ended, well or not. */
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** Callers of `fresh` that wait: their look goes on when the last subscriber leaves. */
  #asking = 0;
  #woken = false;
  #pulse: NodeJS.Timeout | undefined;

  constructor(engine: Engine, options: FeedOptions) {
    this.#now = options.now ?? Date.now;
    this.picture = new EncodedView(options);
    this.#looker = new EngineReader(engine, this.#now, {
      silent: (error) => this.#fail(error),
      back: () => (this.#woken = true),
    });
    this.#ears = new EventSubscription(engine, this.#now, {
      hearing: (hearing) => (this.#looker.hearing = hearing),
      event: () => this.wake(),
    });
  }

  /** The swarm as it was last seen, and its last hour. */
  readonly picture: EncodedView;

  /** The latest view and its revision, which rises by one with each change. */
  current(): { view: SwarmView | null; rev: number } {
    const { view, rev } = this.picture;
    return { view, rev };
  }

  /** The engine's last account of itself; null before the first. */
  info(): EngineInfo | null {
    return this.#looker.info;
  }

  /** Whether `current()` can be believed. */
  status(): FeedStatus {
    return this.#status;
  }

  /** Subscribers there are now. */
  get watchers(): number {
    return this.#subscribers.size;
  }

  /**
   * Calls `notify` after every look, whether or not something changed, and every two seconds while
   * one takes long. The first subscriber starts the looking, the last one to leave ends it.
   */
  subscribe(notify: () => void): () => void {
    // A wrapper, so that one function subscribed twice counts twice.
    const subscriber = () => notify();
    this.#subscribers.add(subscriber);
    if (this.#subscribers.size === 1) this.#start();
    return () => {
      if (this.#subscribers.delete(subscriber) && this.#subscribers.size === 0) this.#halt();
    };
  }

  /** Look at once: somebody asked the swarm for something, or saw a sign that the picture is old. */
  wake(): void {
    this.#looker.expireLists();
    this.#movedAt = this.#now();
    this.#woken = true;
    this.#pause.end();
  }

  /**
   * A view read from the engine after this call began. Works without subscribers, and then costs
   * one look. Throws `EngineError`.
   */
  async fresh(): Promise<SwarmView> {
    this.#asking++;
    try {
      await this.#looking;
      this.#looker.expireLists();
      await this.#look();
    } finally {
      this.#asking--;
    }
    if (this.#status.error) throw this.#status.error;
    const { view } = this.picture;
    if (!view) throw new EngineError('engine-error', 'The engine gave no picture.');
    return view;
  }

  /**
   * Looks once if there is no viewer and the last look, successful or not, ended more than `maxAgeMs` ago.
   * For scrapes and probes: they share a look and start no polling. Never rejects: the outcome is in
   * `status()`. Resolves after `waitMs` at the latest; the look then goes on.
   */
  async lookIfOlder(maxAgeMs: number, waitMs: number): Promise<void> {
    const polled = this.#subscribers.size > 0 && this.#status.state !== 'connecting';
    if (polled || (!this.#looking && this.#since(this.#lookedAt) < maxAgeMs)) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
    this.#asking++;
    if (!this.#looking) this.#looker.expireLists();
    const look = this.#look().finally(() => this.#asking--);
    await Promise.race([look, late]);
    clearTimeout(timer);
  }

  #start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    this.#looker.expireLists();
    const { state, at } = this.#status;
    // What a page was just made from is still as good as it was then.
    const recent = at !== null && this.#since(at) < MADE_MS;
    if (state === 'live' && !recent) this.#status = { ...this.#status, state: 'connecting' };
    this.#armPulse();
    void this.#run(stop.signal);
  }

  #halt(): void {
    this.#stop?.abort();
    this.#stop = null;
    clearTimeout(this.#pulse);
    this.picture.timeline.unwatched(this.#now());
    this.#pause.end();
    if (this.#asking > 0) return;
    this.#looking = null;
    this.#looker.drop();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const began = this.#now();
      await this.#look();
      if (signal.aborted) return;
      if (this.#status.state === 'live') void this.#ears.listen(signal);
      const pause = pauseAfter({
        woken: this.#woken,
        failed: this.#status.error !== null,
        moving: this.#since(this.#movedAt) < MOVING_FOR_MS,
        spent: this.#now() - began,
      });
      await this.#pause.wait(pause);
    }
  }

  /** A clock that is set back (a Pi has none of its own) must not put off the next look. */
  #since(then: number): number {
    return Math.abs(this.#now() - then);
  }

  /** One look, never two at once. Its outcome is in `#status`; it does not throw. */
  #look(): Promise<void> {
    if (this.#looking) return this.#looking;
    const looking: Promise<void> = this.#lookNow(() => this.#looking === looking);
    this.#looking = looking;
    return looking;
  }

  /** `wanted`: whether anybody still waits for it. */
  async #lookNow(wanted: () => boolean): Promise<void> {
    this.#woken = false;
    try {
      const snapshot = await this.#looker.look();
      if (wanted()) this.#take(snapshot);
    } catch (error) {
      if (wanted()) this.#fail(asEngineError(error));
    }
    if (!wanted()) return;
    this.#looking = null;
    this.#lookedAt = this.#now();
    // A look that nobody but `fresh` asked for.
    if (!this.#stop) this.picture.timeline.unwatched(this.#now());
    this.#tell();
  }

  #take(snapshot: Parameters<EncodedView['take']>[0]): void {
    const now = this.#now();
    const moved = this.picture.take(snapshot, now);
    this.#status = { state: 'live', at: now, error: null };
    if (moved) this.#movedAt = now;
  }

  #fail(error: EngineError): void {
    this.#status = { state: 'stale', at: this.#status.at, error };
    this.picture.timeline.openGap(this.#now());
    this.#tell();
  }

  #armPulse(): void {
    clearTimeout(this.#pulse);
    if (this.#stop) this.#pulse = setTimeout(() => this.#tell(), PULSE_MS);
  }

  /** One subscriber that fails shall not end the looking for all of them. */
  #tell(): void {
    this.#armPulse();
    for (const notify of this.#subscribers) {
      try {
        notify();
      } catch (error) {
        console.error('A viewer could not be told:', error);
      }
    }
  }
}

function asEngineError(error: unknown): EngineError {
  if (isEngineError(error)) return error;
  return new EngineError('engine-error', String(error), undefined, { cause: error });
}
