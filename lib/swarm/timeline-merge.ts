import type { Span, TimelineEntry } from './timeline-schemas';

/**
 * A crash loop of a day has tens of thousands of events. What is older, or shown over a longer time, is therefore
 * merged: equal events of a while are one with a number, short tasks of one slot on one node are one bar.
 */

/**
 * Kinds that repeat by themselves, and runs, which guests may start by the thousand. Drills, what users do to the swarm, and
 * what happens to nodes, are never merged.
 */
const REPEATING: ReadonlySet<TimelineEntry['kind']> = new Set([
  'task running',
  'task failed',
  'task rejected',
  'task stopped',
  'run started',
  'run ended',
]);

/** Merges equal entries within each period of `ms`; their order stays. */
export function mergeEntries(entries: readonly TimelineEntry[], ms: number): TimelineEntry[] {
  const merged: TimelineEntry[] = [];
  const places = new Map<string, number>();
  for (const entry of entries) {
    if (!REPEATING.has(entry.kind)) {
      merged.push(entry);
      continue;
    }
    const { kind, text, serviceId, bad, unseen } = entry;
    // Each run has a text of its own: its plan, or its number of requests.
    const what = kind.startsWith('run ') ? serviceId : text;
    const key = JSON.stringify([Math.floor(entry.at / ms), kind, what, bad, unseen]);
    const place = places.get(key);
    const first = place === undefined ? undefined : merged[place];
    if (place === undefined || !first) {
      places.set(key, merged.length);
      merged.push(entry);
    } else {
      merged[place] = {
        ...first,
        count: (first.count ?? 1) + (entry.count ?? 1),
        until: Math.max(first.until ?? first.at, entry.until ?? entry.at),
      };
    }
  }
  return merged;
}

/** Merges ended spans of one slot on one node that are together no longer than `ms`. `spans` are in the order of their ends. */
export function mergeSpans(spans: readonly Span[], ms: number): Span[] {
  const merged: Span[] = [];
  const places = new Map<string, number>();
  for (const span of spans) {
    const key = JSON.stringify([span.serviceId, span.slot, span.nodeId]);
    const place = places.get(key);
    const before = place === undefined ? undefined : merged[place];
    if (place === undefined || !before || !isMergeable(before, span, ms)) {
      places.set(key, merged.length);
      merged.push(span);
    } else {
      merged[place] = {
        ...span,
        from: Math.min(before.from, span.from),
        count: (before.count ?? 1) + (span.count ?? 1),
        end: before.end === 'failed' ? 'failed' : span.end,
      };
    }
  }
  return merged;
}

function isMergeable(before: Span, span: Span, ms: number): boolean {
  if (before.to === null || span.to === null) return false;
  return span.to - before.from <= ms && span.from >= before.from;
}

/**
 * A list merged by the shortest period, from `ms` on, with which it has at most `most` items; where none does, the
 * last `most`. `dropped` is the last item that is left out.
 */
export function mergedWithin<T>(
  list: readonly T[],
  most: number,
  ms: number,
  merge: (list: readonly T[], ms: number) => T[],
): { list: T[]; dropped: T | undefined } {
  let merged = [...list];
  for (let period = ms; merged.length > most && period <= LONGEST_MS; period *= 2) {
    merged = merge(merged, period);
  }
  return { list: merged.slice(-most), dropped: merged.at(-most - 1) };
}

/** Longer periods would hide when something happened (ms). */
const LONGEST_MS = 2 * 60 * 60_000;
