import { EngineError, type Engine } from '../engine';
import type { EngineInfo, EngineNode, EngineService, EngineVersion } from '../swarm/engine-json';
import type { Snapshot } from '../swarm/snapshot';
import { REST_MS } from './poll-interval';

/** Nodes and services are read when an event says so, and otherwise this often (ms). */
const LISTS_MS = 10_000;
/** The engine's account of itself is its dearest call (10 ms) and hardly changes. */
const INFO_MS = 30_000;
/** A look that takes longer than this makes the picture stale. */
const SILENCE_MS = 3000;
/** While a look hangs: how long a ping may take, and the pause after one that did not come. */
const PING_MS = 800;
const PING_PAUSE_MS = 250;
/** The same for a small question to the swarm, and the pause between two of them. */
const PROBE_MS = 1000;

/** What the looker tells of a look that hangs. */
export interface PendingRequests {
  /** The engine has said nothing for three seconds; it goes on being waited for. */
  silent(error: EngineError): void;
  /** It answers again, but will never answer what it was asked before: the look ends at once. */
  back(): void;
}

/**
 * Looks at the engine once when told to: what is due is read, the rest is remembered from the look
 * before. It knows no viewers and keeps no rhythm. One look at a time.
 */
export class EngineReader {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #hanging: PendingRequests;

  #nodes: EngineNode[] = [];
  #services: EngineService[] = [];
  #identity: { info: EngineInfo; version: EngineVersion } | null = null;
  #listsAt = Number.NEGATIVE_INFINITY;
  #identityAt = Number.NEGATIVE_INFINITY;
  /** Ids of nodes and services that tasks name and the lists do not have, although they were read for it. */
  #unknown: ReadonlySet<string> = new Set();
  #hearing = false;
  #failed = false;
  /** The last look was ended for an answer to a small question: the next one is heard out. */
  #ended = false;
  #calls: AbortController | null = null;

  constructor(engine: Engine, now: () => number, hanging: PendingRequests) {
    this.#engine = engine;
    this.#now = now;
    this.#hanging = hanging;
  }

  /** The engine's last account of itself; null before the first. */
  get info(): EngineInfo | null {
    return this.#identity?.info ?? null;
  }

  /** The next look reads nodes and services too. */
  expireLists(): void {
    this.#listsAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Whether the engine's events are heard: without them nobody would say when the lists change.
   * What happened between the last look and the first event nobody tells; and when events end, the
   * engine has stopped, or another one has taken its place.
   */
  set hearing(hearing: boolean) {
    this.#hearing = hearing;
    if (hearing) this.expireLists();
    else this.#identityAt = Number.NEGATIVE_INFINITY;
  }

  /** Ends the look that is going on: nobody waits for it any more. */
  drop(): void {
    this.#calls?.abort();
  }

  /** One look. Throws what the engine throws: `EngineError`. */
  async look(): Promise<Snapshot> {
    const calls = new AbortController();
    const over = new AbortController();
    this.#calls = calls;
    const silence = setTimeout(() => {
      this.#hanging.silent(silent());
      void this.#knock(calls, over.signal);
    }, SILENCE_MS);
    try {
      const snapshot = await this.#read(calls.signal);
      this.#failed = this.#ended = false;
      return snapshot;
    } catch (error) {
      this.#failed = true;
      // One call has failed; its sibling may hang, and would be joined by one more at each look.
      calls.abort();
      throw error;
    } finally {
      clearTimeout(silence);
      over.abort();
      if (this.#calls === calls) this.#calls = null;
    }
  }

  async #read(signal: AbortSignal): Promise<Snapshot> {
    const engine = this.#engine;
    const now = this.#now();
    // After a failure nothing that was known before can be relied on.
    const resync = this.#failed;
    if (resync || this.#identity === null || this.#since(this.#identityAt) >= INFO_MS) {
      const [info, version] = await Promise.all([engine.info(signal), engine.version(signal)]);
      this.#identity = { info, version };
      this.#identityAt = now;
    }
    if (resync || this.#since(this.#listsAt) >= (this.#hearing ? LISTS_MS : REST_MS)) {
      this.#listsAt = now;
      [this.#nodes, this.#services] = await Promise.all([
        engine.nodes(signal),
        engine.services(signal),
      ]);
    }
    const tasks = await engine.tasks(signal);
    const snapshot = { ...this.#identity, nodes: this.#nodes, services: this.#services, tasks };
    this.#askAfterUnknown(snapshot);
    return snapshot;
  }

  /**
   * A task of a service or on a node that we have not heard of: the lists are behind the tasks, and
   * are read at the next look. Once for each, as tasks outlive a node that was removed.
   */
  #askAfterUnknown({ nodes, services, tasks }: Snapshot): void {
    const known = new Set([...nodes, ...services].map(({ ID }) => ID));
    const unknown = new Set<string>();
    for (const { NodeID, ServiceID } of tasks) {
      if (NodeID && !known.has(NodeID)) unknown.add(NodeID);
      if (ServiceID && !known.has(ServiceID)) unknown.add(ServiceID);
    }
    if ([...unknown].some((id) => !this.#unknown.has(id))) this.expireLists();
    this.#unknown = unknown;
  }

  /** A clock that is set back (a Pi has none of its own) must not put off the next reading. */
  #since(then: number): number {
    return Math.abs(this.#now() - then);
  }

  /**
   * A look hangs. It is left to hang, because what it will say (no leader, after 20 s) is the
   * reason to be shown, and asking again would pile up. But an engine that did not even answer a
   * ping, or a small question, and now does has come back: the look is ended, and the next follows.
   * For a small question only once in a row: one that is merely slow has to be heard out.
   */
  async #knock(calls: AbortController, over: AbortSignal): Promise<void> {
    let gone = false;
    let stuck = false;
    while (!over.aborted) {
      const pings = await this.#engine.ping(PING_MS);
      const answers = pings && !gone && (await this.#answers(over));
      if (over.aborted) return;
      if (gone ? pings : stuck && answers && !this.#ended) {
        this.#ended = !gone;
        this.#hanging.back();
        calls.abort();
        return;
      }
      gone ||= !pings;
      stuck ||= pings && !answers;
      await new Promise((resolve) => setTimeout(resolve, pings ? PROBE_MS : PING_PAUSE_MS));
    }
  }

  /** Whether the swarm's part of the engine answers at all. */
  async #answers(over: AbortSignal): Promise<boolean> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), PROBE_MS);
    try {
      await this.#engine.nodes(AbortSignal.any([over, late.signal]));
      return true;
    } catch {
      return false;
    } finally {
      clearTimeout(timer);
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
