import { networkInterfaces } from 'node:os';
import { isLoopback, type EntryPoint } from '@/lib/curl/dial';
import type { MonotonicClock } from './clock';
import { tryAddresses, type OpenSocket, type TriedAddresses } from './try-addresses';

/** Port at which every node of a swarm listens for the others; Docker has no setting for it. */
const GOSSIP_PORT = 7946;
/** So many connections in a row have to fail before a node that was reached is looked for at its other addresses. */
const MISSES = 3;
/** Wait between two searches for one node, in ms. */
const SEARCH_AGAIN_MS = 5000;

/** What the search for addresses depends on. */
export interface EntryReachOptions {
  readonly clock: MonotonicClock;
  /** By node id: the address at which a node was reached last; kept between runs. */
  readonly remembered: Map<string, string>;
  /** A port at which a node can be dialled now; null: none. */
  portAt(nodeId: string): number | null;
  /** Called when an address, or whether a node can be reached, has changed, and at the end of every search. */
  onChange(): void;
  readonly open?: OpenSocket;
  /** Whether this machine has the address, so that it need not be tried. */
  isOwn?(address: string): boolean;
}

interface EntryState {
  readonly entry: EntryPoint;
  address: string;
  /** Reached during this run. */
  reached: boolean;
  /** Connections in a row that nothing answered. */
  misses: number;
  /** No address answered in the last search. */
  lost: boolean;
  searchedAt: number;
  /** Cancels the current search or the wait for the next one. */
  cancel: (() => void) | null;
  searching: boolean;
}

/**
 * At which of their addresses a run's entry nodes are reached from here. A node none of whose addresses answers, not
 * even a refusal, cannot be reached: its failures say nothing on the swarm.
 */
export class EntryReach {
  readonly #options: EntryReachOptions;
  readonly #states: ReadonlyMap<string, EntryState>;
  #closed = false;

  constructor(entries: readonly EntryPoint[], options: EntryReachOptions) {
    this.#options = options;
    this.#states = new Map(
      entries.map((entry) => [entry.nodeId, newState(entry, options.remembered)]),
    );
  }

  /** Finds the address of each node that has several, and calls back: at once if nothing has to be tried. */
  prepare(ready: () => void): void {
    const options = this.#options;
    const isOwn = (address: string) => options.isOwn?.(address) ?? isOwnAddress(address);
    const unknown = [...this.#states.values()].filter(
      ({ entry, address }) =>
        candidates(entry).length > 1 &&
        options.remembered.get(entry.nodeId) !== address &&
        !isOwn(address) &&
        options.portAt(entry.nodeId) !== null,
    );
    let waiting = unknown.length;
    if (waiting === 0) return ready();
    for (const state of unknown) {
      this.#search(state, () => {
        waiting -= 1;
        if (waiting === 0 && !this.#closed) ready();
      });
    }
  }

  /** The address at which a node is dialled. */
  addressOf(nodeId: string): string {
    return this.#states.get(nodeId)?.address ?? '';
  }

  /** By node id: the addresses of each node that cannot be reached. */
  unreachable(): ReadonlyMap<string, readonly string[]> {
    const found = new Map<string, readonly string[]>();
    for (const [nodeId, { entry, lost }] of this.#states) {
      if (lost) found.set(nodeId, candidates(entry));
    }
    return found;
  }

  /** Whether a search is under way. */
  get isSearching(): boolean {
    return [...this.#states.values()].some(({ searching }) => searching);
  }

  /** Records that a node answered at `address`, if only with a refusal. */
  reached(nodeId: string, address: string): void {
    const state = this.#states.get(nodeId);
    if (!state || this.#closed) return;
    state.reached = true;
    state.misses = 0;
    this.#options.remembered.set(nodeId, address);
    if (!state.lost) return;
    state.lost = false;
    this.#options.onChange();
  }

  /** Records a connection that nothing answered. */
  missed(nodeId: string): void {
    const state = this.#states.get(nodeId);
    if (!state || this.#closed) return;
    state.misses += 1;
    if (state.cancel) return;
    const several = candidates(state.entry).length > 1;
    const isDue = state.reached ? several && state.misses >= MISSES : true;
    const isSoon = this.#options.clock.now() - state.searchedAt < SEARCH_AGAIN_MS;
    if (isDue && !isSoon) this.#search(state);
  }

  /** Cancels all searches; no callback follows. */
  close(): void {
    this.#closed = true;
    for (const state of this.#states.values()) {
      state.cancel?.();
      state.cancel = null;
      state.searching = false;
    }
  }

  #search(state: EntryState, ended: () => void = () => {}): void {
    const { clock, open } = this.#options;
    const { entry } = state;
    const port = this.#options.portAt(entry.nodeId);
    if (port === null) return ended();
    state.searching = true;
    state.searchedAt = clock.now();
    let own: TriedAddresses | null = null;
    let gossip: TriedAddresses | null = null;
    const cancels: (() => void)[] = [];
    state.cancel = () => cancels.forEach((cancel) => cancel());
    const settle = () => {
      if (own === null || (own.accepted === null && gossip === null)) return;
      for (const cancel of cancels) cancel();
      state.searching = false;
      state.cancel = null;
      this.#apply(state, own, gossip);
      ended();
      if (!this.#closed) this.#options.onChange();
    };
    // A connection that times out can also be one that the mesh loses: whether the machine is there shows at a port
    // that no mesh forwards.
    const reported =
      entry.fallbackAddresses.length > 0 ? withoutFallback(entry) : candidates(entry);
    cancels.push(
      tryAddresses(reported, GOSSIP_PORT, clock, (tried) => ((gossip = tried), settle()), open),
    );
    cancels.push(
      tryAddresses(candidates(entry), port, clock, (tried) => ((own = tried), settle()), open),
    );
  }

  #apply(state: EntryState, own: TriedAddresses, gossip: TriedAddresses | null): void {
    const { entry } = state;
    const { remembered, clock } = this.#options;
    // What refuses at an address that is not of the swarm can be any machine.
    const isReported = (address: string) => !entry.fallbackAddresses.includes(address);
    const there = [...own.refused, gossip?.accepted ?? '', ...(gossip?.refused ?? [])].find(
      (address) => address !== '' && isReported(address),
    );
    const address = own.accepted ?? there;
    if (address !== undefined) {
      state.address = address;
      state.reached = true;
      state.misses = 0;
      state.lost = false;
      if (own.accepted !== null) remembered.set(entry.nodeId, own.accepted);
      return;
    }
    remembered.delete(entry.nodeId);
    state.lost = !state.reached;
    if (!state.lost) return;
    state.cancel = clock.after(SEARCH_AGAIN_MS, () => {
      state.cancel = null;
      this.#search(state);
    });
  }
}

function newState(entry: EntryPoint, remembered: ReadonlyMap<string, string>): EntryState {
  const known = remembered.get(entry.nodeId);
  return {
    entry,
    address: known !== undefined && candidates(entry).includes(known) ? known : entry.address,
    reached: false,
    misses: 0,
    lost: false,
    searchedAt: -Infinity,
    cancel: null,
    searching: false,
  };
}

function candidates({ address, otherAddresses, fallbackAddresses }: EntryPoint): string[] {
  return [...new Set([address, ...otherAddresses, ...fallbackAddresses])];
}

function withoutFallback(entry: EntryPoint): string[] {
  const { fallbackAddresses } = entry;
  return candidates(entry).filter((address) => !fallbackAddresses.includes(address));
}

function isOwnAddress(address: string): boolean {
  if (isLoopback(address)) return true;
  return Object.values(networkInterfaces()).some((of) =>
    of?.some((one) => one.address === address),
  );
}
