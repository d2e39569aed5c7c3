import { EngineError, isEngineError, type Engine } from '../engine';
import type { EngineInfo, EngineNode, EngineService, EngineVersion } from '../swarm/engine-json';
import { buildView, NO_MEMORY, type ViewMemory, type ViewOptions } from '../swarm/build-view';
import { diffViews } from '../swarm/patch';
import { Timeline } from '../swarm/timeline';
import type { SwarmView } from '../swarm/view';

/** Between two looks at the tasks while something moves (ms). */
const MOVING_MS = 250;
/** The same at rest. */
const REST_MS = 1000;
/** After a failed look: soon enough to be back within 2 s of the engine. */
const RETRY_MS = 500;
/** Something moved this recently: longer than swarm's restart delay and monitor window, 5 s each. */
const MOVING_FOR_MS = 6500;
/** Nodes and services are read when an event says so, and otherwise this often. */
const LISTS_MS = 10_000;
/** The engine's account of itself is its dearest call (10 ms) and hardly changes. */
const INFO_MS = 30_000;
/** Between two looks at the very least, however many events come. */
const LEAST_MS = 50;
/** A look that takes longer than this makes the picture stale. */
const SILENCE_MS = 3000;
/** From the look that a page is made from to the page's own call, on a slow machine (ms). */
const MADE_MS = 4000;
/** The longest pause after a slow look: with the silence after it a picture never gets old unnoticed (ms). */
const SLOW_MOST_MS = 2500;
/** Subscribers are told at least this often, or they could not tell a slow engine from a lost server (ms). */
const PULSE_MS = 2000;
/** While a look hangs: how long a ping may take, and the pause between two (ms). */
const PING_MS = 800;
const PING_PAUSE_MS = 250;
/** An event stream that ends sooner than this says nothing: a proxy may refuse them all. */
const STREAM_MS = 2000;

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
 * turns what it sees into a `SwarmView`, and tells subscribers that there is something new; what
 * is new they read from it. It never gives up: a failed look is told, the last picture kept, and
 * the next look follows.
 */
export class Feed {
  readonly #engine: Engine;
  readonly #options: FeedOptions;
  readonly #now: () => number;
  readonly #subscribers = new Set<() => void>();

  #view: SwarmView | null = null;
  #rev = 0;
  /** JSON of the present view, and of the patch that led to it; each made at most once for all viewers. */
  #json: string | null = null;
  #patch: string | null = null;
  #memory: ViewMemory = NO_MEMORY;
  #status: FeedStatus = { state: 'connecting', at: null, error: null };

  #nodes: EngineNode[] = [];
  #services: EngineService[] = [];
  #identity: { info: EngineInfo; version: EngineVersion } | null = null;
  #listsAt = Number.NEGATIVE_INFINITY;
  #identityAt = Number.NEGATIVE_INFINITY;
  #movedAt = Number.NEGATIVE_INFINITY;

  #stop: AbortController | null = null;
  #looking: Promise<void> | null = null;
  #woken = false;
  #endPause: (() => void) | null = null;
  #listening = false;
  #pulse: NodeJS.Timeout | undefined;

  constructor(engine: Engine, options: FeedOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** What happened in the last hour, as far as somebody watched. */
  readonly timeline = new Timeline();

  /** The latest view and its revision, which rises by one with each change. */
  current(): { view: SwarmView | null; rev: number } {
    return { view: this.#view, rev: this.#rev };
  }

  /** The latest view as JSON. */
  viewJson(): string {
    this.#json ??= JSON.stringify(this.#view);
    return this.#json;
  }

  /** What leads from the revision before to the present one, as JSON; null when there was none. */
  patchJson(): string | null {
    return this.#patch;
  }

  /** The engine's last account of itself; null before the first. */
  info(): EngineInfo | null {
    return this.#identity?.info ?? null;
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
   * one takes long. The first subscriber starts
   * the looking, the last one to leave ends it.
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
    this.#listsAt = Number.NEGATIVE_INFINITY;
    this.#movedAt = this.#now();
    this.#woken = true;
    this.#endPause?.();
  }

  /**
   * A view read from the engine after this call began. Works without subscribers, and then costs
   * one look. Throws `EngineError`.
   */
  async fresh(): Promise<SwarmView> {
    await this.#looking?.catch(() => {});
    this.#listsAt = Number.NEGATIVE_INFINITY;
    await this.#look();
    if (this.#status.error) throw this.#status.error;
    if (!this.#view) throw new EngineError('engine-error', 'The engine gave no picture.');
    return this.#view;
  }

  #start(): void {
    const stop = new AbortController();
    this.#stop = stop;
    this.#listsAt = Number.NEGATIVE_INFINITY;
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
    this.timeline.unwatched(this.#now());
    this.#endPause?.();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const began = this.#now();
      await this.#look();
      if (signal.aborted) return;
      if (!this.#listening && this.#status.state === 'live') void this.#listen(signal);
      await this.#pause(this.#delay(this.#now() - began), signal);
    }
  }

  /** How long to wait after a look that took `spent` ms: a slow engine is asked less often. */
  #delay(spent: number): number {
    if (this.#woken) return LEAST_MS;
    if (this.#status.error) return RETRY_MS;
    const moving = this.#since(this.#movedAt) < MOVING_FOR_MS;
    const interval = moving ? MOVING_MS : REST_MS;
    return spent > interval ? Math.min(spent, SLOW_MOST_MS) : Math.max(interval - spent, LEAST_MS);
  }

  /** A clock that is set back (a Pi has none of its own) must not put off the next look. */
  #since(then: number): number {
    return Math.abs(this.#now() - then);
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#endPause = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#endPause = done;
    });
  }

  /** One look, never two at once. Its outcome is in `#status`; it does not throw. */
  #look(): Promise<void> {
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = null;
      // A look that ends after the last viewer has left, or that nobody but `fresh` asked for.
      if (!this.#stop) this.timeline.unwatched(this.#now());
      this.#tell();
    });
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    this.#woken = false;
    const engine = this.#engine;
    const hangs = new AbortController();
    const over = new AbortController();
    const silence = setTimeout(() => {
      this.#fail(silent());
      void this.#knock(hangs, over.signal);
    }, SILENCE_MS);
    try {
      const now = this.#now();
      // After a failure nothing that was known before can be relied on.
      const resync = this.#status.error !== null;
      if (resync || this.#identity === null || this.#since(this.#identityAt) >= INFO_MS) {
        const [info, version] = await Promise.all([
          engine.info(hangs.signal),
          engine.version(hangs.signal),
        ]);
        this.#identity = { info, version };
        this.#identityAt = now;
      }
      // Without the event stream nobody would say when they change.
      const listsDue = this.#since(this.#listsAt) >= (this.#listening ? LISTS_MS : REST_MS);
      if (resync || listsDue) {
        this.#listsAt = now;
        [this.#nodes, this.#services] = await Promise.all([
          engine.nodes(hangs.signal),
          engine.services(hangs.signal),
        ]);
      }
      const tasks = await engine.tasks(hangs.signal);
      this.#take({
        ...this.#identity,
        nodes: this.#nodes,
        services: this.#services,
        tasks,
      });
    } catch (error) {
      this.#listsAt = Number.NEGATIVE_INFINITY;
      this.#fail(
        isEngineError(error)
          ? error
          : new EngineError('engine-error', String(error), undefined, { cause: error }),
      );
    } finally {
      clearTimeout(silence);
      over.abort();
    }
  }

  /**
   * A look hangs. It is left to hang, because what it will say (no leader, after 20 s) is the
   * reason to be shown, and asking again would pile up. But an engine that did not even answer a
   * ping and now does has come back, and will never answer what it was asked before: the look is
   * ended, and the next follows.
   */
  async #knock(hangs: AbortController, over: AbortSignal): Promise<void> {
    let silent = false;
    while (!over.aborted) {
      const answers = await this.#engine.ping(PING_MS);
      if (over.aborted) return;
      if (answers && silent) {
        this.#woken = true;
        hangs.abort();
        return;
      }
      silent ||= !answers;
      await new Promise((resolve) => setTimeout(resolve, PING_PAUSE_MS));
    }
  }

  #take(snapshot: Parameters<typeof buildView>[0]): void {
    const now = this.#now();
    const { view, memory } = buildView(snapshot, this.#options, this.#memory, now);
    this.#memory = memory;
    this.#status = { state: 'live', at: now, error: null };
    const before = this.#view;
    const patch = before && diffViews(before, view);
    this.timeline.add(view, patch, before, now);
    if (before && !patch) return;
    const nodes = new Set(view.nodes.map(({ id }) => id));
    const services = new Set(view.services.map(({ id }) => id));
    const orphaned = view.tasks.some(
      ({ nodeId, serviceId }) =>
        (serviceId !== '' && !services.has(serviceId)) || (nodeId !== null && !nodes.has(nodeId)),
    );
    // A task of a service or on a node we have not heard of: the lists are behind the tasks.
    if (orphaned) this.#listsAt = Number.NEGATIVE_INFINITY;
    if (before) this.#movedAt = now;
    this.#view = view;
    this.#rev++;
    this.#json = null;
    this.#patch = patch && JSON.stringify(patch);
  }

  #fail(error: EngineError): void {
    this.#status = { state: 'stale', at: this.#status.at, error };
    this.timeline.openGap(this.#now());
    this.#tell();
  }

  #armPulse(): void {
    clearTimeout(this.#pulse);
    if (this.#stop) this.#pulse = setTimeout(() => this.#tell(), PULSE_MS);
  }

  #tell(): void {
    this.#armPulse();
    for (const notify of this.#subscribers) notify();
  }

  /** Takes events as a wake-up, until the stream ends; the next good look opens it again. */
  async #listen(signal: AbortSignal): Promise<void> {
    this.#listening = true;
    // What happened since the lists were read, and before the stream is open, nobody tells.
    this.#listsAt = Number.NEGATIVE_INFINITY;
    const began = this.#now();
    try {
      await this.#engine.events(signal, () => this.wake());
    } catch {
      // The looks themselves report what is wrong with the engine.
    } finally {
      this.#listening = false;
      // The engine has stopped, or another one has taken its place.
      this.#identityAt = Number.NEGATIVE_INFINITY;
      if (!signal.aborted && this.#since(began) >= STREAM_MS) this.wake();
    }
  }
}

function silent(): EngineError {
  return new EngineError(
    'engine-timeout',
    'The Docker engine does not answer.',
    'It may be busy; if this lasts, look at its log: `journalctl -u docker`.',
  );
}
