import { NOTHING_ODD, type OddList } from '../swarm/read-list';

/**
 * One of the engine's lists over time. An entity that cannot be read in full for one read does not change: a single
 * odd answer must not look like a node that left, or a task that ended.
 */
export class SteadyList<T extends { ID: string }> {
  #before: readonly T[] = [];
  #odd: OddList = NOTHING_ODD;
  /** Entities that vanished when entries without an id appeared: an entry may be one of them. */
  readonly #held = new Map<string, T>();

  /**
   * Returns the list to show, and what could not be read of it. An entity that was complete in the read before is kept
   * for one read, or, if it cannot be shown at all, for as long as it is listed.
   */
  next(read: T[], odd: OddList): { entities: T[]; odd: OddList } {
    const clean = odd === NOTHING_ODD && this.#held.size === 0;
    const shown = clean ? { entities: read, odd } : this.#steady(read, odd);
    this.#before = shown.entities;
    this.#odd = odd;
    return shown;
  }

  #steady(read: readonly T[], odd: OddList): { entities: T[]; odd: OddList } {
    const before = new Map(this.#before.map((entity) => [entity.ID, entity]));
    const wasOdd = (id: string) => this.#odd.partly.has(id) || this.#odd.leftOut.has(id);
    const entities = new Map(read.map((entity) => [entity.ID, entity]));
    let newlyOdd = 0;
    for (const id of [...odd.partly, ...odd.leftOut]) {
      const known = before.get(id);
      if (!known || (odd.partly.has(id) && wasOdd(id))) continue;
      if (!wasOdd(id)) newlyOdd++;
      entities.set(id, known);
    }
    newlyOdd += this.#hold(before, entities, odd.withoutId);
    for (const [id, entity] of this.#held) entities.set(id, entity);
    const all = odd.partly.size + odd.leftOut.size + odd.withoutId;
    // An entity that is odd for the first time may be complete in the next read.
    const once = newlyOdd > 0 && newlyOdd === all;
    return { entities: [...entities.values()], odd: once ? NOTHING_ODD : odd };
  }

  /**
   * Keeps vanished entities, at most one for each entry without an id, because an entry may be one of them. Returns
   * how many were added.
   */
  #hold(
    before: ReadonlyMap<string, T>,
    entities: ReadonlyMap<string, T>,
    withoutId: number,
  ): number {
    const held = this.#held;
    for (const id of held.keys()) if (entities.has(id)) held.delete(id);
    const free = withoutId - this.#odd.withoutId;
    const vanished = [...before].filter(([id]) => !entities.has(id) && !held.has(id));
    const added = vanished.slice(0, Math.max(0, free));
    for (const [id, entity] of added) held.set(id, entity);
    for (const id of held.keys()) {
      if (held.size <= withoutId) break;
      held.delete(id);
    }
    return added.length;
  }
}
