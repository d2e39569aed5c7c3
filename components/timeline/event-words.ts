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
  promoted: '△',
  demoted: '▽',
  'node updated': '✎',
  'run started': '»',
  'run ended': '«',
  'drill started': '↯',
  'drill ended': '✓',
  'token rotated': '⟳',
};

export function entrySymbol({ kind }: Pick<TimelineEntry, 'kind'>): string {
  return SYMBOLS[kind];
}

/** Texts for the reasons of a gap. */
export const GAP_REASONS: Record<Gap['why'], string> = {
  'not watched': 'the dashboard was not open',
  'not running': 'the dashboard was not running',
  'no data from the engine': 'no data from the engine',
};

/** `Not recorded (14 s): the dashboard was not open, 12:04:31 – 12:04:45`. */
export function gapText({ from, to, why }: Gap): string {
  return to === null
    ? `Not recorded since ${clockTime(from)}: ${GAP_REASONS[why]}`
    : `Not recorded (${shortDuration(to - from)}): ${GAP_REASONS[why]}, ${clockTime(from)} – ${clockTime(to)}`;
}

/** Note on an entry whose time is not exact, or that happened in a gap; null for one that was seen when it happened. */
export function unrecordedNote({
  at,
  after,
  unseen,
}: Pick<TimelineEntry, 'at' | 'after' | 'unseen'>): string | null {
  if (unseen && after !== null) {
    return `before ${clockTime(at)}, not recorded: ${GAP_REASONS[unseen]}`;
  }
  if (unseen) return `not recorded: ${GAP_REASONS[unseen]}; time from the engine`;
  return after === null ? null : `noticed at ${clockTime(at)}; happened after ${clockTime(after)}`;
}

/** Who made a change through this dashboard: `by operator at 192.168.1.7`. */
export function byWords(by: string): string {
  return `by ${by}`;
}

/** `×24 until 02:14:05` for several equal events; null for one. */
export function repeatWords({
  count,
  until,
}: Pick<TimelineEntry, 'count' | 'until'>): string | null {
  return count === undefined || until === undefined ? null : `×${count} until ${clockTime(until)}`;
}

/** Last line of a list whose older entries were dropped to save memory. */
export function droppedText(until: number): string {
  return `Events before ${clockTime(until)} are no longer kept`;
}
