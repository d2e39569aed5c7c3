import { EngineError, isEngineError, type Engine } from '../engine';
import type { ChangeRefusals } from '../engine/change-refusals';
import type { Attribution } from '../swarm/attributions';
import type { EngineEvent, EngineInfo } from '../swarm/engine-json';
import type { ViewOptions } from '../swarm/build-view';
import type { Snapshot } from '../swarm/snapshot';
import type { Codec } from '../swarm/timeline-archive';
import type { SwarmAction } from '../swarm/timeline-schemas';
import type { SwarmView } from '../swarm/view';
import { ClockJumps, STEADY_CLOCKS } from './clock-jumps';
import { elapsed } from './elapsed';
import { EncodedView } from './encoded-view';
import { EngineReader } from './engine-reader';
import { EventSubscription } from './event-subscription';
import { backgroundPause, Pause, PollInterval } from './poll-interval';
import { Subscribers } from './subscribers';

/** Polling stays fast for this long after a change (ms): longer than swarm's restart delay and monitor window, 5 s each. */
const CHANGING_FOR_MS = 6500;
/** From the poll that a page is rendered from to the page's own stream, on a slow machine (ms). */
export const PAGE_LOAD_MS = 4000;
/** Minimum from poll to poll without viewers, however many events arrive (ms). */
const BACKGROUND_MIN_MS = 2000;
/** After a longer time without a view (ms) the engine's past events show when things happened. */
const MISSED_EVENTS_MS = 15_000;
/** A view waits this long for the engine's answer to a change that it may have (ms). */
const ANSWER_MS = 1000;

/** Whether the view is live, and why not. Times by this server's clock (ms). */
export interface FeedStatus {
  state: 'connecting' | 'live' | 'stale';
  /** Time of the last successful poll. */
  at: number | null;
  error: EngineError | null;
}

/** What the feed needs besides an engine; the clock is a parameter for tests. */
export interface FeedOptions extends ViewOptions {
  now?: () => number;
  /** Monotonic clocks; none if `now` is monotonic itself. */
  steadyClocks?: readonly (() => number)[];
  /** What is known of refused changes. */
  changeRefusals?: ChangeRefusals;
  /** Packs older views. */
  codec?: Codec;
}

/**
 * The process's only poller. It polls the engine while it has at least one subscriber, or slowly in the background, and notifies
 * subscribers after each poll; they read what is new from `encodedView`. It never stops retrying: after a failed
 * poll the status has the error, the last view is kept, and polling continues.
 */
export class Feed {
  readonly #now: () => number;
  readonly #jumps: ClockJumps;
  readonly #reader: EngineReader;
  readonly #events: EventSubscription;
  readonly #pause = new Pause();
  readonly #interval = new PollInterval();
  readonly #subscribers = new Subscribers();

  #status: FeedStatus = { state: 'connecting', at: null, error: null };
  #changedAt = Number.NEGATIVE_INFINITY;
  /** Ends polling; null without subscribers. */
  #stop: AbortController | null = null;
  #poll: Promise<void> | null = null;
  /** When the last poll ended, successful or not. */
  #polledAt = Number.NEGATIVE_INFINITY;
  /** Calls of `wake`, and how many the view has seen: it was read after them. */
  #wakes = 0;
  #seenWakes = 0;
  /** Pending calls of `fresh` and `pollIfOlder`: their poll continues when the last subscriber leaves. */
  #waiting = 0;
  #pollRequested = false;
  /** Whether it polls without subscribers too. */
  #recording = false;
  #failures = 0;
  /** Ends the pause after an event without subscribers. */
  #soon: NodeJS.Timeout | undefined;
  /** What the first poll waits for. */
  #prepared: Promise<void> = Promise.resolve();

  constructor(engine: Engine, options: FeedOptions) {
    this.#now = options.now ?? Date.now;
    this.#jumps = new ClockJumps(options.steadyClocks ?? (options.now ? [] : STEADY_CLOCKS));
    this.encodedView = new EncodedView(options);
    this.#reader = new EngineReader(
      engine,
      this.#now,
      {
        stalled: (error) => this.#fail(error),
        recovered: () => (this.#pollRequested = true),
      },
      options.changeRefusals,
    );
    this.#events = new EventSubscription(engine, this.#now, {
      subscribed: (subscribed) => (this.#reader.hasEvents = subscribed),
      ended: () => this.#reader.connectionEnded(),
      refused: (error) => this.#reader.eventsRefused(error),
      event: (event) => this.#onEvent(event),
    });
  }

  /** The latest view with its encodings, and the timeline. */
  readonly encodedView: EncodedView;

  /** The latest view and its revision, which rises by one with each change. */
  current(): { view: SwarmView | null; rev: number } {
    const { view, rev } = this.encodedView;
    return { view, rev };
  }

  /** The engine's last `GET /info`; null before the first. */
  info(): EngineInfo | null {
    return this.#reader.info;
  }

  /** Whether `current()` is live. */
  status(): FeedStatus {
    return this.#status;
  }

  /** Number of subscribers. */
  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  /**
   * Calls `notify` after every poll, whether or not something changed, and every two seconds while one takes
   * long. The first subscriber starts the polling, the last one to leave ends it.
   */
  subscribe(notify: () => void): () => void {
    const remove = this.#subscribers.add(notify);
    if (this.#subscribers.size === 1) this.#start();
    return () => {
      if (!remove() || this.#subscribers.size > 0) return;
      this.#subscribers.stop();
      if (!this.#recording) this.#halt();
    };
  }

  /** Polls without subscribers too, to record what happens: about every ten seconds, and after events. */
  record(): void {
    this.#recording = true;
    if (!this.#stop) this.#startPolling();
  }

  /** Makes the first poll wait for the recorded history. */
  prepare(prepared: Promise<void>): void {
    this.#prepared = prepared;
  }

  /** Records what this dashboard does to the swarm; subscribers receive it after the next poll. */
  addAction(action: SwarmAction): void {
    this.encodedView.timeline.addAction(action, this.#now());
  }

  /**
   * Announces a change that somebody makes through this dashboard, so that the timeline names them. The returned functions say how it
   * ended.
   */
  announce(attribution: Attribution): { accepted: () => void; failed: () => void } {
    const { attributions } = this.encodedView.timeline;
    const { accepted, failed } = attributions.announce(attribution, this.#now());
    return { accepted: () => accepted(this.#now()), failed };
  }

  /** Whether the view was read after the last change that was requested and the last event. */
  get isUpToDate(): boolean {
    return this.#seenWakes === this.#wakes;
  }

  /** Polls at once: a change was requested, or an event arrived. */
  wake(): void {
    this.#wakes++;
    this.#reader.expireLists();
    this.#changedAt = this.#now();
    this.#pollRequested = true;
    this.#pause.end();
  }

  /**
   * Returns a view that was read from the engine after this call began. Works without subscribers, and then
   * costs one poll. Throws `EngineError`.
   */
  async fresh(): Promise<SwarmView> {
    this.#waiting++;
    try {
      await this.#poll;
      this.#reader.expireLists();
      await this.#pollOnce();
    } finally {
      this.#waiting--;
    }
    if (this.#status.error) throw this.#status.error;
    const { view } = this.encodedView;
    if (!view) throw new EngineError('engine-error', 'The engine gave no view of the swarm.');
    return view;
  }

  /**
   * Polls once if there are no subscribers and the last poll, successful or not, ended more than `maxAgeMs` ago.
   * For scrapes and probes: they share a poll and start no polling. Never rejects: the outcome is in
   * `status()`. Resolves after `waitMs` at the latest; the poll then continues.
   */
  async pollIfOlder(maxAgeMs: number, waitMs: number): Promise<void> {
    const polled = this.#subscribers.size > 0 && this.#status.state !== 'connecting';
    if (polled || (!this.#poll && elapsed(this.#polledAt, this.#now()) < maxAgeMs)) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
    this.#waiting++;
    if (!this.#poll) this.#reader.expireLists();
    const poll = this.#pollOnce().finally(() => this.#waiting--);
    await Promise.race([poll, timeout]);
    clearTimeout(timer);
  }

  #start(): void {
    this.#reader.expireLists();
    const { state, at } = this.#status;
    // The view that a page was just rendered from is still good.
    const recent = at !== null && elapsed(at, this.#now()) < PAGE_LOAD_MS;
    if (state === 'live' && !recent) this.#status = { ...this.#status, state: 'connecting' };
    this.#subscribers.start();
    if (this.#stop) {
      this.#pollRequested = true;
      this.#pause.end();
    } else this.#startPolling();
  }

  #startPolling(): void {
    this.#stop = new AbortController();
    void this.#pollUntilAborted(this.#stop.signal);
  }

  #halt(): void {
    this.#stop?.abort();
    this.#stop = null;
    clearTimeout(this.#soon);
    this.encodedView.timeline.unwatched(this.#now());
    this.#pause.end();
    if (this.#waiting > 0) return;
    this.#poll = null;
    this.#reader.abort();
  }

  async #pollUntilAborted(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedAt = this.#now();
      await this.#pollOnce();
      if (signal.aborted) return;
      const background = this.subscriberCount === 0;
      if (this.#status.state === 'live') void this.#events.subscribe(signal, background);
      if (background) {
        await this.#pause.wait(
          this.#pollRequested ? BACKGROUND_MIN_MS : backgroundPause(this.#failures),
        );
        continue;
      }
      const pause = this.#interval.after({
        requested: this.#pollRequested,
        failed: this.#status.error !== null,
        changing: elapsed(this.#changedAt, this.#now()) < CHANGING_FOR_MS,
        hasEvents: this.#reader.hasEvents,
        took: Math.max(0, this.#now() - startedAt),
      });
      await this.#pause.wait(pause);
    }
  }

  #onEvent(event: EngineEvent | null): void {
    if (event) this.encodedView.addEvent(event);
    if (this.subscriberCount > 0) return this.wake();
    this.#reader.expireLists();
    this.#pollRequested = true;
    const wait = BACKGROUND_MIN_MS - elapsed(this.#polledAt, this.#now());
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => this.#pause.end(), Math.max(0, wait));
  }

  /** When things happened in a time without views, as far as the engine remembers. Never rejects. */
  async #readMissedEvents({ managerAhead }: Snapshot): Promise<void> {
    const since = this.encodedView.recordedAt;
    const now = this.#now();
    if (since === null || elapsed(since, now) < MISSED_EVENTS_MS || this.#reader.hasEvents) return;
    const ahead = managerAhead ?? 0;
    try {
      const events = await this.#reader.pastEvents(since + ahead, now + ahead);
      for (const event of events) this.encodedView.addEvent(event);
    } catch {
      // Changes then have the time at which they were noticed.
    }
  }

  /** Waits for the engine's answers to changes that the snapshot contains, or that another client's change has replaced. */
  async #untilAnswered({ services, nodes }: Snapshot): Promise<void> {
    const find = (id: string) => [...services, ...nodes].find(({ ID }) => ID === id);
    const { attributions } = this.encodedView.timeline;
    const answers = attributions.answersTo((id) => find(id)?.Version.Index);
    if (answers.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, ANSWER_MS)));
    await Promise.race([Promise.all(answers), timeout]);
    clearTimeout(timer);
  }

  /** One poll, never two at once. Never rejects: its outcome is in `#status`. */
  #pollOnce(): Promise<void> {
    if (this.#poll) return this.#poll;
    const poll: Promise<void> = this.#readOnce(() => this.#poll === poll);
    this.#poll = poll;
    return poll;
  }

  /** `isCurrent`: whether the poll was not given up meanwhile. */
  async #readOnce(isCurrent: () => boolean): Promise<void> {
    await this.#prepared;
    this.#pollRequested = false;
    this.#reader.background = this.subscriberCount === 0 && this.#waiting === 0;
    const wakes = this.#wakes;
    try {
      const snapshot = await this.#reader.read();
      await this.#readMissedEvents(snapshot);
      await this.#untilAnswered(snapshot);
      if (isCurrent()) {
        this.#update(snapshot);
        this.#seenWakes = wakes;
      }
    } catch (error) {
      this.#failures++;
      if (isCurrent()) this.#fail(asEngineError(error));
    }
    if (!isCurrent()) return;
    this.#poll = null;
    this.#polledAt = this.#now();
    // A poll of `fresh` or `pollIfOlder` alone.
    if (!this.#stop) this.encodedView.timeline.unwatched(this.#now());
    this.#subscribers.notify();
  }

  #update(snapshot: Snapshot): void {
    const now = this.#now();
    this.#followClock(now);
    const changed = this.encodedView.update(snapshot, now);
    this.#status = { state: 'live', at: now, error: null };
    this.#failures = 0;
    if (changed) this.#changedAt = now;
  }

  /** Moves the recorded times if the machine's clock was set since the last poll. */
  #followClock(now: number): void {
    const jump = this.#jumps.since(now);
    if (jump === 0) return;
    this.encodedView.shiftTimes(jump);
    const { at } = this.#status;
    this.#status = { ...this.#status, at: at === null ? null : at + jump };
  }

  #fail(error: EngineError): void {
    this.#followClock(this.#now());
    this.#status = { state: 'stale', at: this.#status.at, error };
    this.encodedView.timeline.openGap(this.#now());
    this.#subscribers.notify();
  }
}

function asEngineError(error: unknown): EngineError {
  if (isEngineError(error)) return error;
  return new EngineError('engine-error', String(error), undefined, { cause: error });
}
