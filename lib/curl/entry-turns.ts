import { isPublishedAt, type EntryPoint, type Target } from './dial';
import type { SwarmView } from '../swarm/view';

/**
 * How long a host-mode port is still dialled at a node without a task, in ms: longer than swarm's restart
 * delay of 5 s, because failures during a restart are what a run is to show.
 */
const CLOSED_MS = 10_000;

/** Round robin over a run's entry nodes that publish its port. Times are ms since the run's start. */
export class EntryTurns {
  readonly #target: Target;
  /** Index of the entry node of the next request, if the port is published there. */
  #place = 0;
  /** By node id: since when the port is not published there. */
  readonly #closed = new Map<string, number>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Applies a view: which nodes publish the port. */
  applyView(view: Pick<SwarmView, 'services' | 'tasks'>, at: number): void {
    for (const { nodeId } of this.#target.entries) {
      if (isPublishedAt(view, this.#target, nodeId)) this.#closed.delete(nodeId);
      else if (!this.#closed.has(nodeId)) this.#closed.set(nodeId, at);
    }
  }

  /** The next entry node; null when none publishes the port any more. */
  next(at: number): { readonly place: number; readonly entry: EntryPoint } | null {
    const { entries } = this.#target;
    for (let i = 0; i < entries.length; i++) {
      const place = (this.#place + i) % entries.length;
      const entry = entries[place];
      if (!entry || at - (this.#closed.get(entry.nodeId) ?? at) >= CLOSED_MS) continue;
      this.#place = place + 1;
      return { place, entry };
    }
    return null;
  }
}
