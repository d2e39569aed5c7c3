import type { CHANGE_KINDS, Gap, TimelineEntry } from '@/lib/swarm/timeline-schemas';
import { clockTime, humanDuration } from '@/lib/swarm/duration';

/** `3 minutes ago`. */
export function agoWords(at: number, now: number): string {
  return `${humanDuration(now - at)} ago`;
}

/** A sign for each kind of entry, told apart by shape. */
const SIGNS: Record<(typeof CHANGE_KINDS)[number], string> = {
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

/** The sign of an entry. */
export function signOf({ kind }: Pick<TimelineEntry, 'kind'>): string {
  return SIGNS[kind];
}

/** `nobody watched for 2 minutes, from 12:04:31 to 12:06:40`; of one that lasts, since when. */
export function gapWords({ from, to, why }: Gap): string {
  return to === null
    ? `${why}: since ${clockTime(from)}, still`
    : `${why} for ${humanDuration(to - from)}, from ${clockTime(from)} to ${clockTime(to)}`;
}

/** Of an entry that was not seen to happen: why, and before when it did; null of one that was. */
export function unseenWords({ at, unseen }: Pick<TimelineEntry, 'at' | 'unseen'>): string | null {
  return unseen && `while ${unseen}, before ${clockTime(at)}`;
}

/** The end of a list that begins too late, so much has happened. */
export function forgottenWords(until: number): string {
  return `what happened before ${clockTime(until)} is no longer kept`;
}
