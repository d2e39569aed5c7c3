import { shortDuration } from '@/lib/client/age';
import { clockTime, humanDuration } from '@/lib/swarm/duration';
import type { Gap, TimelineEntry } from '@/lib/swarm/timeline-schemas';

/** `3 minutes ago`. */
export function timeAgo(at: number, now: number): string {
  return `${humanDuration(now - at)} ago`;
}

/** A symbol for each kind of entry: kinds differ by shape, not only by colour. */
const SYMBOLS: Record<TimelineEntry['kind'], string> = {
  'service created': '+',
  'service removed': '−',
  scaled: '⇅',
  updated: '↻',
  'update paused': '‖',
  'rolled back': '↶',
  'task running': '▶',
  'task failed': '✕',
  'task rejected': '⊘',
  'task stopped': '■',
  'node down': '▼',
  'node up': '▲',
  'node joined': '+',
  'node left': '−',
  drained: '○',
  paused: '◐',
  activated: '●',
  leader: '★',
};

export function entrySymbol({ kind }: Pick<TimelineEntry, 'kind'>): string {
  return SYMBOLS[kind];
}

/** Texts for the reasons of a gap. */
export const GAP_REASONS: Record<Gap['why'], string> = {
  'not watched': 'the dashboard was not open',
  'no data from the engine': 'no data from the engine',
};

/** `Not recorded (14 s): the dashboard was not open, 12:04:31 – 12:04:45`. */
export function gapText({ from, to, why }: Gap): string {
  return to === null
    ? `Not recorded since ${clockTime(from)}: ${GAP_REASONS[why]}`
    : `Not recorded (${shortDuration(to - from)}): ${GAP_REASONS[why]}, ${clockTime(from)} – ${clockTime(to)}`;
}

/** Note on an entry that was detected after a gap; null for one that was recorded when it happened. */
export function unrecordedNote({
  at,
  unseen,
}: Pick<TimelineEntry, 'at' | 'unseen'>): string | null {
  return unseen && `before ${clockTime(at)}, not recorded: ${GAP_REASONS[unseen]}`;
}

/** Last line of a list whose older entries were dropped to save memory. */
export function droppedText(until: number): string {
  return `Events before ${clockTime(until)} are no longer kept`;
}
