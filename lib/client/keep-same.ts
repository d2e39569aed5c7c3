/**
 * `next` with every part that equals its counterpart in `prev` replaced by that very object, so
 * that `===` tells a component whether anything that it shows has changed. JSON values only.
 * Items of lists are matched by `id` where they have one, else by position.
 */
export function keepSame<T>(prev: unknown, next: T): T {
  if (Object.is(prev, next)) return next;
  if (typeof prev !== 'object' || typeof next !== 'object' || !prev || !next) return next;
  if (Array.isArray(prev) !== Array.isArray(next)) return next;
  return (Array.isArray(next) ? keepList(prev as unknown[], next) : keepRecord(prev, next)) as T;
}

function keepList(prev: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  const byId = new Map(prev.map((item, at) => [idOf(item) ?? at, item]));
  const kept = next.map((item, at) => keepSame(byId.get(idOf(item) ?? at), item));
  return kept.length === prev.length && kept.every((item, at) => item === prev[at]) ? prev : kept;
}

function keepRecord(prev: object, next: object): object {
  const before = prev as Record<string, unknown>;
  const entries = Object.entries(next).map(([key, value]) => [key, keepSame(before[key], value)]);
  const same =
    entries.length === Object.keys(prev).length &&
    entries.every(([key, value]) => before[key as string] === value);
  return same ? prev : (Object.fromEntries(entries) as object);
}

function idOf(item: unknown): unknown {
  return typeof item === 'object' && item && 'id' in item ? item.id : undefined;
}
