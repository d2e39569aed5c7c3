import type { Engine, EngineError } from '../engine';
import { ChangeRefusals } from '../engine/change-refusals';
import type {
  EngineEvent,
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
} from '../swarm/engine-json';
import type { ReadSwitch } from '../swarm/refusals';
import { NOTHING_ODD, type OddList } from '../swarm/read-list';
import { NO_ODD_PARTS, type OddParts, type Snapshot } from '../swarm/snapshot';
import { elapsed } from './elapsed';
import { IDLE_POLL_MS } from './poll-interval';
import { RefusedReads } from './refused-reads';
import { SteadyList } from './steady-list';
import { noResponse, waitForRecovery } from './stalled-read';
import { UpToDateTasks } from './up-to-date-tasks';

/** Nodes and services are read after an event, and otherwise this often (ms). */
const LISTS_MS = 10_000;
/** The same while there are no viewers: with the engine's events, and without them (ms). */
const BACKGROUND_LISTS_MS = 60_000;
const BACKGROUND_LISTS_WITHOUT_EVENTS_MS = 30_000;
/** `GET /info` is the engine's slowest call (10 ms) and its result hardly changes (ms). */
const INFO_MS = 30_000;
const BACKGROUND_INFO_MS = 300_000;
/** A read that takes longer than this makes the view stale (ms). */
const STALLED_MS = 3000;

interface Lists {
  nodes: EngineNode;
  services: EngineService;
  tasks: EngineTask;
}

/** Callbacks on a read that does not end. */
export interface StallHandlers {
  /** The engine has not responded for three seconds; the read is still pending. */
  stalled(error: EngineError): void;
  /** The engine responds again; the pending read is aborted, as it will never be answered. */
  recovered(): void;
}

/**
 * Reads a snapshot from the engine: what is due is fetched, the rest is kept from the read before. It has no
 * schedule. One read at a time.
 */
export class EngineReader {
  readonly #engine: Engine;
  readonly #upToDate: UpToDateTasks;
  readonly #now: () => number;
  readonly #handlers: StallHandlers;
  readonly #changeRefusals: ChangeRefusals;

  #nodes: EngineNode[] = [];
  #services: EngineService[] = [];
  #identity: Pick<Snapshot, 'info' | 'version' | 'managerAhead'> | null = null;
  readonly #refusedReads: RefusedReads;
  #odd: OddParts = NO_ODD_PARTS;
  readonly #steady: { [K in keyof Lists]: SteadyList<Lists[K]> } = {
    nodes: new SteadyList<EngineNode>(),
    services: new SteadyList<EngineService>(),
    tasks: new SteadyList<EngineTask>(),
  };
  /** The desired state of each task in the read before; null before the first. */
  #desired: ReadonlyMap<string, string> | null = null;
  #listsAt = Number.NEGATIVE_INFINITY;
  #identityAt = Number.NEGATIVE_INFINITY;
  /** Ids of nodes and services that tasks refer to and the lists lack, although they were read for it. */
  #unknown: ReadonlySet<string> = new Set();
  #hasEvents = false;
  /** Whether there are no viewers: then everything is read less often. */
  background = false;
  #failed = false;
  /** The last read was aborted because a small request succeeded: the next one may take its time. */
  #abortedByRequest = false;
  #calls: AbortController | null = null;

  constructor(
    engine: Engine,
    now: () => number,
    handlers: StallHandlers,
    changeRefusals: ChangeRefusals = new ChangeRefusals(now),
  ) {
    this.#engine = engine;
    this.#upToDate = new UpToDateTasks(engine, now);
    this.#refusedReads = new RefusedReads(now);
    this.#changeRefusals = changeRefusals;
    this.#now = now;
    this.#handlers = handlers;
  }

  /** The engine's last `GET /info`; null before the first, and while it is refused. */
  get info(): EngineInfo | null {
    return this.#identity?.info ?? null;
  }

  /** Makes the next read fetch nodes and services too, and what was refused. */
  expireLists(): void {
    this.#listsAt = Number.NEGATIVE_INFINITY;
    this.#refusedReads.expire();
  }

  /** Records that the engine's events are refused, or accepted (null). */
  eventsRefused(error: EngineError | null): void {
    this.#refusedReads.record('EVENTS', error);
  }

  /**
   * Whether the engine's events arrive; without them the lists are read more often. Changes between the last
   * read and the first event are missed, so a new subscription expires the lists. When events end, the engine
   * has stopped or was replaced by another one, or its proxy was: its identity and what is refused expire.
   */
  get hasEvents(): boolean {
    return this.#hasEvents;
  }

  set hasEvents(hasEvents: boolean) {
    this.#hasEvents = hasEvents;
    if (hasEvents) this.expireLists();
    else this.#expireReads();
  }

  /** The engine, or a proxy in front of it, has ended the events: what it refuses may have changed. */
  connectionEnded(): void {
    this.#changeRefusals.forget();
  }

  #expireReads(): void {
    this.#identityAt = Number.NEGATIVE_INFINITY;
    this.#refusedReads.expire();
  }

  /** The engine's events of a past time (ms, the manager's clock). Throws `EngineError`. */
  pastEvents(since: number, until: number): Promise<EngineEvent[]> {
    return this.#engine.pastEvents(since, until);
  }

  /** Aborts the current read. */
  abort(): void {
    this.#calls?.abort();
  }

  /** Reads a snapshot. Throws `EngineError`. */
  async read(): Promise<Snapshot> {
    const calls = new AbortController();
    const done = new AbortController();
    this.#calls = calls;
    const stalled = setTimeout(() => {
      this.#handlers.stalled(noResponse());
      void this.#abortOnRecovery(calls, done.signal);
    }, STALLED_MS);
    try {
      const snapshot = await this.#fetch(calls.signal);
      this.#failed = this.#abortedByRequest = false;
      return snapshot;
    } catch (error) {
      this.#failed = true;
      // Not what is known of changes: a read that failed may only have been slow.
      this.#expireReads();
      // One call has failed; another one may hang, and each read would add one more.
      calls.abort();
      throw error;
    } finally {
      clearTimeout(stalled);
      done.abort();
      if (this.#calls === calls) this.#calls = null;
    }
  }

  async #abortOnRecovery(calls: AbortController, done: AbortSignal): Promise<void> {
    // A small request counts only once in a row: an engine that is merely slow must be waited for.
    const recovery = await waitForRecovery(this.#engine, done, !this.#abortedByRequest);
    if (!recovery) return;
    this.#abortedByRequest = recovery === 'request';
    this.#handlers.recovered();
    calls.abort();
  }

  async #fetch(signal: AbortSignal): Promise<Snapshot> {
    const engine = this.#engine;
    const now = this.#now();
    // After a failure nothing that was read before can be relied on.
    const all = this.#failed;
    const read = this.#refusedReads;
    if (all || this.#identity === null || elapsed(this.#identityAt, now) >= this.#infoMs()) {
      const odd = new Set<string>();
      const onOdd = (parts: readonly string[]) => parts.forEach((part) => odd.add(part));
      const [info, version] = await Promise.all([
        read.attempt('INFO', () => engine.info(signal, onOdd)),
        read.attempt('VERSION', () => engine.version(signal, onOdd)),
        read.attempt('PING', () => engine.pingAllowed(signal)),
      ]);
      const managerAhead = info?.SystemTime ? info.SystemTime - this.#now() : null;
      this.#identity = { info, version, managerAhead };
      this.#identityAt = now;
      this.#odd = { ...this.#odd, engine: [...odd] };
    }
    if (all || elapsed(this.#listsAt, now) >= this.#listsMs()) {
      this.#listsAt = now;
      const [nodes, services] = await Promise.all([
        this.#list('nodes', 'NODES', (onOdd) => engine.nodes(signal, onOdd)),
        this.#list('services', 'SERVICES', (onOdd) => engine.services(signal, onOdd)),
      ]);
      this.#nodes = nodes ?? [];
      this.#services = services ?? [];
    }
    const tasks = await this.#list('tasks', 'TASKS', (onOdd) => engine.tasks(signal, onOdd));
    if (tasks && this.#haveMoved(tasks)) {
      // Of a change between the two lists: a service must not stand beside the tasks of its next spec.
      const services = await this.#list('services', 'SERVICES', (onOdd) =>
        engine.services(signal, onOdd),
      );
      this.#services = services ?? [];
    }
    const refused = {
      reads: read.current,
      noLists: read.noLists,
      changes: this.#changeRefusals.current(),
    };
    const { info } = this.#identity;
    read.throwIfUseless(info);
    const lists = { nodes: this.#nodes, services: this.#services, tasks: tasks ?? [] };
    const upToDate = tasks && (await this.#upToDate.of(lists, signal));
    const snapshot = { ...this.#identity, ...lists, upToDate, refused, odd: this.#odd };
    this.#expireIfIncomplete(snapshot);
    return snapshot;
  }

  /** Whether there are tasks that the read before did not have, or that have been given another desired state. */
  #haveMoved(tasks: readonly EngineTask[]): boolean {
    const before = this.#desired;
    this.#desired = new Map(tasks.map(({ ID, DesiredState }) => [ID, DesiredState]));
    return before !== null && tasks.some(({ ID, DesiredState }) => before.get(ID) !== DesiredState);
  }

  #infoMs(): number {
    return this.background ? BACKGROUND_INFO_MS : INFO_MS;
  }

  #listsMs(): number {
    if (!this.background) return this.#hasEvents ? LISTS_MS : IDLE_POLL_MS;
    return this.#hasEvents ? BACKGROUND_LISTS_MS : BACKGROUND_LISTS_WITHOUT_EVENTS_MS;
  }

  /** Reads one list, and what could not be read of it. Null if it is refused. */
  async #list<K extends keyof Lists>(
    kind: K,
    name: ReadSwitch,
    read: (onOdd: (odd: OddList) => void) => Promise<Lists[K][]>,
  ): Promise<Lists[K][] | null> {
    let odd = NOTHING_ODD;
    const entities = await this.#refusedReads.attempt(name, () =>
      read((reported) => (odd = reported)),
    );
    if (entities === null) {
      this.#odd = { ...this.#odd, [kind]: NOTHING_ODD };
      return null;
    }
    const steady: SteadyList<Lists[K]> = this.#steady[kind];
    const shown = steady.next(entities, odd);
    this.#odd = { ...this.#odd, [kind]: shown.odd };
    return shown.entities;
  }

  /**
   * Expires the lists if a task refers to a node or service that they lack. Once per id, as tasks outlive a
   * node that was removed.
   */
  #expireIfIncomplete({ nodes, services, tasks, refused: { reads } }: Snapshot): void {
    const known = new Set([...nodes, ...services].map(({ ID }) => ID));
    const unknown = new Set<string>();
    for (const { NodeID, ServiceID } of tasks) {
      if (NodeID && !known.has(NodeID) && !reads.has('NODES')) unknown.add(NodeID);
      if (ServiceID && !known.has(ServiceID) && !reads.has('SERVICES')) unknown.add(ServiceID);
    }
    if ([...unknown].some((id) => !this.#unknown.has(id))) this.expireLists();
    this.#unknown = unknown;
  }
}
