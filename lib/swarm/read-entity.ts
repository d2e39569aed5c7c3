import type * as z from 'zod/mini';
import { inSentence } from './words';

/** Fallback for a part without which its parent would mean something else: the parent is left out too. */
export const LEAVE_OUT = Symbol('leave out');

/**
 * Replacements for parts that cannot be read, by path: `Spec.Role`, `Constraints.*` for any entry of a list. A part
 * without a fallback is removed, together with the smallest part around it that is optional if it is required itself.
 */
export type Fallbacks = Readonly<Record<string, unknown>>;

/** The result of reading one entity. */
export interface Reading<T> {
  /** Null: it cannot be shown. */
  entity: T | null;
  /** Each part that could not be read and why, in words: `` `Spec.Role` (null) ``; empty for almost every entity. */
  odd: readonly string[];
}

type Path = readonly PropertyKey[];
type Container = Record<PropertyKey, unknown>;

/** Maximum of repairs: one can uncover further parts that cannot be read. */
const MAX_ROUNDS = 4;
/** Maximum of parts named per entity. */
const MAX_NAMED = 3;

const NOTHING_ODD: readonly string[] = [];

/**
 * Parses one entity of the engine. A part that its schema rejects is left out and named; the rest is kept. Modifies
 * `json`.
 */
export function readEntity<T>(
  schema: z.ZodMiniType<T>,
  json: unknown,
  fallbacks: Fallbacks,
): Reading<T> {
  let parsed = schema.safeParse(json);
  if (parsed.success) return { entity: parsed.data, odd: NOTHING_ODD };
  const odd = new Map<string, string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { issues } = parsed.error;
    if (
      !repair(
        json,
        issues.map(({ path }) => path),
        fallbacks,
        odd,
      )
    )
      break;
    parsed = schema.safeParse(json);
    if (parsed.success) return { entity: parsed.data, odd: named(odd) };
  }
  return { entity: null, odd: named(odd) };
}

/** `odd`: the words on each part, by path. */
function named(odd: ReadonlyMap<string, string>): string[] {
  const all = [...new Set(odd.values())];
  if (all.length <= MAX_NAMED) return all;
  return [...all.slice(0, MAX_NAMED - 1), `${all.length - MAX_NAMED + 1} more parts`];
}

/** Replaces or removes the part at each path. Returns false if a part is required. */
function repair(
  json: unknown,
  paths: readonly Path[],
  fallbacks: Fallbacks,
  odd: Map<string, string>,
): boolean {
  const done = new Set<string>();
  const gaps = new Set<unknown[]>();
  for (const path of paths) {
    if (path.some((_, depth) => done.has(keyOf(path.slice(0, depth + 1), String)))) continue;
    // What is missing after a removal was odd before it.
    if (!odd.has(keyOf(path, String))) odd.set(keyOf(path, String), describePart(path, json));
    const replaced = replace(json, path, fallbacks, gaps);
    if (!replaced) return false;
    done.add(keyOf(replaced, String));
  }
  // Only now, as the paths count all entries.
  for (const list of gaps) {
    const kept = list.filter((value) => value !== GAP);
    list.splice(0, list.length, ...kept);
  }
  return true;
}

/** A removed entry of a list. */
const GAP = Symbol('gap');

/** Replaces or removes the smallest part around `path` that can be; returns its path, null if there is none. */
function replace(
  json: unknown,
  path: Path,
  fallbacks: Fallbacks,
  gaps: Set<unknown[]>,
): Path | null {
  for (let depth = path.length; depth > 0; depth--) {
    const part = path.slice(0, depth);
    const parent = valueAt(json, part.slice(0, -1));
    const key = part.at(-1);
    if (!isContainer(parent) || key === undefined) continue;
    const pattern = keyOf(part, (name) => (typeof name === 'number' ? '*' : String(name)));
    if (Object.hasOwn(fallbacks, pattern)) {
      if (fallbacks[pattern] === LEAVE_OUT) continue;
      parent[key] = structuredClone(fallbacks[pattern]);
      return part;
    }
    if (!Object.hasOwn(parent, key)) continue;
    if (Array.isArray(parent)) {
      parent[Number(key)] = GAP;
      gaps.add(parent);
    } else delete parent[key];
    return part;
  }
  return null;
}

function keyOf(path: Path, word: (name: PropertyKey) => string): string {
  return path.map(word).join('.');
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

function valueAt(json: unknown, path: Path): unknown {
  let value = json;
  for (const key of path) {
    if (!isContainer(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** The part of `json` at `path` and what it is: `` `Spec.Role` (null) ``. An entry of a list is named by the list. */
export function describePart(path: Path, json: unknown): string {
  const names = path.filter((name) => typeof name !== 'number').map(String);
  const place = names.length === 0 ? 'entry' : `\`${inSentence(names.join('.'))}\``;
  return `${place} (${kindOf(valueAt(json, path))})`;
}

/** Text and numbers that are quoted of a value. */
const MAX_QUOTED = 20;

function kindOf(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'missing';
    case 'string':
      return `"${quoted(value)}"`;
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? 'a list' : 'an object';
    default:
      return quoted(String(value));
  }
}

function quoted(text: string): string {
  return inSentence(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
}
