import * as z from 'zod/mini';
import { readEntity, type Fallbacks } from './read-entity';
import { inSentence, MOST_NAMES } from './words';

/** Entities with the same odd part. */
export interface OddGroup {
  /** `partly`: shown without that part. `twice`: the same id twice, shown once. */
  shown: 'partly' | 'not' | 'twice';
  /** The parts and why they could not be read; see `Reading`. */
  what: readonly string[];
  count: number;
  /** The names and ids of the first few; an entry without an id has neither. */
  names: readonly string[];
  ids: readonly string[];
}

/** What could not be read of a list. */
export interface OddList {
  groups: readonly OddGroup[];
  /** Odd entities that are in none of the groups. */
  others: number;
  /** Ids of entities that are shown without a part. */
  partly: ReadonlySet<string>;
  /** Ids of entities that are left out; `withoutId` counts those that have no id. */
  leftOut: ReadonlySet<string>;
  withoutId: number;
}

/** A list in which everything could be read. */
export const NOTHING_ODD: OddList = {
  groups: [],
  others: 0,
  partly: new Set(),
  leftOut: new Set(),
  withoutId: 0,
};

/** Maximum of groups per list. */
const MAX_GROUPS = 8;
/** Maximum of odd entities: parsing one takes a hundred times as long as a valid one. */
export const MAX_ODD = 10_000;

/** What is kept of one list, as JSON (characters): of 5,000 tasks 5 MB. A view of it is several times as large. */
export const MAX_KEPT = 24_000_000;

/** A list of the engine, parsed entity by entity. */
export interface EngineList<T> {
  entities: T[];
  odd: OddList;
}

/** How the entities of one kind are read. */
export interface ListReading<T> {
  entity: z.ZodMiniType<T>;
  fallbacks: Fallbacks;
  /** The name in the engine's JSON; if it is no string, the id is used. */
  nameIn: (json: unknown) => unknown;
}

/** Why a list is not read to its end. `odd`: hardly any of its entries can be read. `large`: they need too much memory. */
export type ListProblem = 'odd' | 'large';

/** Reads a list one entry after the other, as they arrive. */
export interface ListReader<R> {
  /** Reads the next entry. With a problem the list must not be read further. */
  add(json: unknown): ListProblem | null;
  /** Leaves out the next entry, which is too large; `head` is the beginning of its JSON. */
  skip(head: string): ListProblem | null;
  /** What was read so far. */
  result(): R;
}

/** How a list is read: entry by entry, or as a whole that is no array, such as `null`. */
export interface ListSchema<R> {
  start(): ListReader<R>;
  whole: z.ZodMiniType<R>;
}

/**
 * Reads a list entity by entity: an odd entity does not reject the others. `null` is an empty list, as Go writes it.
 * Of entities with the same id only the newest is kept.
 */
export function listOf<T extends { ID: string; Version: { Index: number } }>(
  reading: ListReading<T>,
): ListSchema<EngineList<T>> {
  const start = () => new EntityReader(reading);
  return { start, whole: wholeList(start) };
}

/** A schema that reads a parsed list by the reader that `start` returns. */
export function wholeList<R>(start: () => ListReader<R>): z.ZodMiniType<R> {
  return z.pipe(
    z.nullable(z.array(z.unknown())),
    z.transform((values, context) => {
      const reader = start();
      for (const [index, json] of (values ?? []).entries()) {
        if (reader.add(json) === null) continue;
        context.issues.push({ code: 'custom', input: json, path: [index] });
        break;
      }
      return reader.result();
    }),
  );
}

class EntityReader<T extends { ID: string; Version: { Index: number } }> implements ListReader<
  EngineList<T>
> {
  readonly #reading: ListReading<T>;
  readonly #entities = new Map<string, T>();
  readonly #odd: OddEntities;
  #kept = 0;

  constructor(reading: ListReading<T>) {
    this.#reading = reading;
    this.#odd = new OddEntities(reading.nameIn);
  }

  add(json: unknown): ListProblem | null {
    const { entity, odd } = readEntity(this.#reading.entity, json, this.#reading.fallbacks);
    if (odd.length > 0) {
      this.#odd.add(json, entity?.ID ?? idIn(json), entity ? 'partly' : 'not', odd);
    }
    if (entity) {
      const { ID, Version } = entity;
      const twin = this.#entities.get(ID);
      if (twin) this.#odd.add(json, ID, 'twice');
      if (!twin || twin.Version.Index < Version.Index) this.#entities.set(ID, entity);
    }
    if (this.#odd.count > MAX_ODD) return 'odd';
    this.#kept += JSON.stringify(entity).length;
    return this.#kept > MAX_KEPT ? 'large' : null;
  }

  skip(head: string): ListProblem | null {
    const id = idAtHead(head);
    this.#odd.add({ ID: id }, id, 'not', [TOO_LARGE]);
    return this.#odd.count > MAX_ODD ? 'odd' : null;
  }

  result(): EngineList<T> {
    return { entities: [...this.#entities.values()], odd: this.#odd.list() };
  }
}

/** Why an entry of more than `MAX_ITEM_BYTES` (lib/engine/json-items.ts) is left out. */
const TOO_LARGE = 'size (more than 1 MB)';

/** The id of an entity of which only the beginning is known: engines write it first. */
export function idAtHead(head: string): string | null {
  return /^\s*\{\s*"ID"\s*:\s*"(\w{1,128})"/.exec(head)?.[1] ?? null;
}

/** The id of an entity that is left out, if it has one. */
function idIn(json: unknown): string | null {
  const id = typeof json === 'object' && json !== null && 'ID' in json ? json.ID : null;
  return typeof id === 'string' && id !== '' && id.length <= MAX_ID ? id : null;
}

/** Docker's ids have 25 characters. */
export const MAX_ID = 128;

/** Collects the odd entities of one list, in bounded memory. */
class OddEntities {
  readonly #nameIn: (json: unknown) => unknown;
  readonly #groups = new Map<string, OddGroup & { names: string[]; ids: string[] }>();
  readonly #partly = new Set<string>();
  readonly #leftOut = new Set<string>();
  #others = 0;
  #withoutId = 0;
  count = 0;

  constructor(nameIn: (json: unknown) => unknown) {
    this.#nameIn = nameIn;
  }

  add(
    json: unknown,
    id: string | null,
    shown: OddGroup['shown'],
    what: readonly string[] = [],
  ): void {
    this.count++;
    if (id === null) this.#withoutId++;
    else if (shown === 'not') this.#leftOut.add(id);
    else if (shown === 'partly') this.#partly.add(id);
    const key = `${shown} ${what.join()}`;
    let group = this.#groups.get(key);
    if (!group) {
      if (this.#groups.size === MAX_GROUPS) {
        this.#others++;
        return;
      }
      group = { shown, what, count: 0, names: [], ids: [] };
      this.#groups.set(key, group);
    }
    group.count++;
    if (id === null || group.names.length === MOST_NAMES) return;
    const name = this.#nameIn(json);
    group.names.push(inSentence(typeof name === 'string' && name !== '' ? name : id.slice(0, 12)));
    group.ids.push(id);
  }

  list(): OddList {
    if (this.count === 0) return NOTHING_ODD;
    return {
      groups: [...this.#groups.values()],
      others: this.#others,
      partly: this.#partly,
      leftOut: this.#leftOut,
      withoutId: this.#withoutId,
    };
  }
}
