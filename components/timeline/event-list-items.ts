import type { Gap, TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { TimelineHistory } from '@/lib/client/cache';
import { matchesFilter, type TimelineFilter } from './timeline-filter';

/** One line of the event list. */
export type EventListItem =
  | { kind: 'entry'; key: string; at: number; entry: TimelineEntry }
  | { kind: 'gap'; key: string; at: number; gap: Gap };

/**
 * Matching entries and all gaps, newest first. A gap is placed at its end: changes detected when
 * recording resumed come above it, earlier ones below.
 */
export function eventListItems(
  { entries, gaps }: Pick<TimelineHistory, 'entries' | 'gaps'>,
  filter: TimelineFilter,
): EventListItem[] {
  const items: EventListItem[] = [
    ...gaps.map((gap) => ({
      kind: 'gap' as const,
      key: `gap-${gap.from}`,
      at: gap.to ?? Number.POSITIVE_INFINITY,
      gap,
    })),
    ...entries
      .filter((entry) => matchesFilter(entry, filter))
      .map((entry) => ({ kind: 'entry' as const, key: `entry-${entry.seq}`, at: entry.at, entry })),
  ];
  // The sort is stable; reversed, items of the same time are in reverse order of recording.
  return items.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).toReversed();
}

/** The start of the complete record (ms); null when nothing is recorded. */
export function recordedSince({
  entries,
  spans,
  gaps,
  forgottenUntil,
}: TimelineHistory): number | null {
  if (forgottenUntil !== null) return forgottenUntil;
  let first = Number.POSITIVE_INFINITY;
  for (const { at } of entries) first = Math.min(first, at);
  for (const { from } of [...spans, ...gaps]) first = Math.min(first, from);
  return Number.isFinite(first) ? first : null;
}

/**
 * When an entry is first in the view: the last such time before `at` (null: now), or the first one after it; null if there
 * is none.
 */
export function adjacentEntryTime(
  entries: readonly TimelineEntry[],
  at: number | null,
  direction: 'previous' | 'next',
): number | null {
  // Entries are not in order of time: each is dated when it happened.
  const times = entries.map(({ viewAt }) => viewAt).sort((a, b) => a - b);
  if (direction === 'previous') return times.findLast((time) => at === null || time < at) ?? null;
  return at === null ? null : (times.find((time) => time > at) ?? null);
}
