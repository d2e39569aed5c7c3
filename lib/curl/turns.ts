import { isPublishedAt, type EntryPoint, type Target } from './dial';
import type { SwarmView } from '../swarm/view';

/**
 * How long a port that is published on its tasks' own nodes only is dialled where no task is, in ms:
 * longer than swarm's restart delay of 5 s, as what breaks meanwhile is what a run is to show.
 */
const CLOSED_MS = 10_000;

/** Whose turn it is among a run's entry nodes, for as long as its port is there. Times in ms since the run's start. */
export class Turns {
  readonly #target: Target;
  /** The place in the course at which the next request enters, if it can. */
  #place = 0;
  /** By node id: since when the port is not there. */
  readonly #closed = new Map<string, number>();

  constructor(target: Target) {
    this.#target = target;
  }

  /** Takes in a picture. */
  see(view: Pick<SwarmView, 'services' | 'tasks'>, at: number): void {
    for (const { nodeId } of this.#target.entries) {
      if (isPublishedAt(view, this.#target, nodeId)) this.#closed.delete(nodeId);
      else if (!this.#closed.has(nodeId)) this.#closed.set(nodeId, at);
    }
  }

  /** Takes the next turn; null when the port is at none of the nodes any more. */
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
