import { portsAt, type EntryPoint, type Target } from './dial';
import type { SwarmView } from '../swarm/view';

/**
 * How long a host-mode port is still dialled at a node without a task, in ms: longer than swarm's restart
 * delay of 5 s, because failures during a restart are what a run is to show.
 */
const CLOSED_MS = 10_000;

/** All nodes at which requests of a run may enter, those of its first requests first. */
export function allEntries(target: Pick<Target, 'entries' | 'laterEntries'>): EntryPoint[] {
  return [...target.entries, ...target.laterEntries];
}

/** Where the next request goes. */
export interface Turn {
  readonly place: number;
  readonly entry: EntryPoint;
  /** Null: no task has a port there now. */
  readonly port: number | null;
}

interface Place {
  readonly entry: EntryPoint;
  /** Several when the engine chooses a port for each task of the node. */
  ports: readonly number[];
  /** Requests so far: the ports of a node take turns. */
  turns: number;
  /** Since when no port is published there; null while one is. */
  closedAt: number | null;
}

/** Round robin over a run's entry nodes that publish its port. Times are ms since the run's start. */
export class EntryTurns {
  readonly #target: Target;
  readonly #places: readonly Place[];
  /** Index of the entry node of the next request, if the port is published there. */
  #place = 0;

  constructor(target: Target) {
    this.#target = target;
    const initial = new Set(target.entries);
    this.#places = allEntries(target).map((entry) => ({
      entry,
      ports: [],
      turns: 0,
      closedAt: initial.has(entry) ? null : -Infinity,
    }));
  }

  /** Applies a view: which nodes publish the port. */
  applyView(view: Pick<SwarmView, 'services' | 'tasks'>, at: number): void {
    for (const place of this.#places) {
      place.ports = portsAt(view, this.#target, place.entry.nodeId);
      if (place.ports.length > 0) place.closedAt = null;
      else place.closedAt ??= at;
    }
  }

  /**
   * The next entry node; null when none publishes the port any more. Nodes of `skipped` get no turn while another
   * one can have it.
   */
  next(at: number, skipped: ReadonlySet<string> = new Set()): Turn | null {
    const places = this.#places;
    const open = places.filter(({ closedAt }) => at - (closedAt ?? at) < CLOSED_MS);
    const reachable = open.filter(({ entry }) => !skipped.has(entry.nodeId));
    const preferred = reachable.length > 0 ? reachable : open;
    const withPort = preferred.filter((place) => this.#portOf(place) !== null);
    const fit = new Set(withPort.length > 0 ? withPort : preferred);
    for (let i = 0; i < places.length; i++) {
      const index = (this.#place + i) % places.length;
      const place = places[index];
      if (!place || !fit.has(place)) continue;
      this.#place = index + 1;
      const port = this.#portOf(place);
      place.turns += 1;
      return { place: index, entry: place.entry, port };
    }
    return null;
  }

  /** A port at which a node could be dialled now. */
  portAt(nodeId: string): number | null {
    const place = this.#places.find(({ entry }) => entry.nodeId === nodeId);
    return place ? this.#portOf(place) : null;
  }

  #portOf({ ports, turns }: Place): number | null {
    // A fixed port stays the service's for a while; one that the engine chose is any program's after its task.
    return ports[turns % Math.max(1, ports.length)] ?? (this.#target.port || null);
  }
}
