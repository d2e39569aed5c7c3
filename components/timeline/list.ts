import type { Gap, TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { TimelineHistory } from '@/lib/client/cache';

/** What of the timeline is shown. */
export interface TimelineFilter {
  /** Ids; null: all of them. */
  nodeId: string | null;
  serviceId: string | null;
  /** Bad news only. */
  bad: boolean;
}

/** Everything. */
export const NO_FILTER: TimelineFilter = { nodeId: null, serviceId: null, bad: false };

/** One line of the list. */
export type ListItem =
  | { kind: 'entry'; key: string; at: number; entry: TimelineEntry }
  | { kind: 'gap'; key: string; at: number; gap: Gap };

/** Whether the filter leaves an entry: what concerns neither a node nor a service passes by neither. */
export function passes(entry: TimelineEntry, { nodeId, serviceId, bad }: TimelineFilter): boolean {
  return (
    (nodeId === null || entry.nodeId === nodeId) &&
    (serviceId === null || entry.serviceId === serviceId) &&
    (!bad || entry.bad)
  );
}

/**
 * What happened, newest first, with the gaps at their ends: what was found out when the watching
 * went on stands above its gap, what was seen before it below.
 */
export function listItems(
  { entries, gaps }: Pick<TimelineHistory, 'entries' | 'gaps'>,
  filter: TimelineFilter,
): ListItem[] {
  const shown = entries.filter((entry) => passes(entry, filter));
  const items: ListItem[] = [
    ...gaps.map((gap) => ({
      kind: 'gap' as const,
      key: `gap-${gap.from}`,
      at: gap.to ?? Number.POSITIVE_INFINITY,
      gap,
    })),
    ...shown.map((entry) => ({
      kind: 'entry' as const,
      key: `entry-${entry.seq}`,
      at: entry.at,
      entry,
    })),
  ];
  // Stable, then turned round: of one moment the gap comes first, then entries as they were told.
  return items.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at)).toReversed();
}

/**
 * Since when all is known: from the first thing that was seen, or from where it is still kept; null
 * when nothing was seen.
 */
export function knownSince({
  entries,
  spans,
  gaps,
  forgottenUntil,
}: TimelineHistory): number | null {
  if (forgottenUntil !== null) return forgottenUntil;
  const first = [entries, gaps, spans].reduce(
    (least, list) =>
      list.reduce((min, one) => Math.min(min, 'at' in one ? one.at : one.from), least),
    Number.POSITIVE_INFINITY,
  );
  return Number.isFinite(first) ? first : null;
}

/** The moment of the last entry before `at`, or the first one after it; null when there is none. */
export function neighbour(
  entries: readonly TimelineEntry[],
  at: number | null,
  direction: 'before' | 'after',
): number | null {
  if (direction === 'before') {
    return entries.findLast((entry) => at === null || entry.at < at)?.at ?? null;
  }
  return at === null ? null : (entries.find((entry) => entry.at > at)?.at ?? null);
}
