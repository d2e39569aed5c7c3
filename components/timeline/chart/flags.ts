import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { TimeScale } from '../time-window';

/** A mark for one entry, or for several that would overlap. */
export interface Flag {
  key: string;
  x: number;
  /** The first of the entries, or the first one that is a problem. */
  entry: TimelineEntry;
  count: number;
}

/** Flags closer than this (px) are merged. */
const MIN_DISTANCE = 9;

export function groupIntoFlags(entries: readonly TimelineEntry[], { toX }: TimeScale): Flag[] {
  const flags: Flag[] = [];
  for (const entry of entries) {
    const x = toX(entry.at);
    const last = flags.at(-1);
    if (last && x - last.x < MIN_DISTANCE) {
      last.count += entry.count ?? 1;
      if (entry.bad && !last.entry.bad) last.entry = entry;
    } else flags.push({ key: `${entry.seq}`, x, entry, count: entry.count ?? 1 });
  }
  return flags;
}
