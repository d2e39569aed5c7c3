import type { Amount } from '@/lib/swarm/details';
import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import { memoryWords } from '../board/node-words';

/** `0.25 CPU`, `64 MiB memory`, `2 gpu`. */
export function amountWords({ resource, unit, amount }: Amount): string {
  return `${quantity({ unit, amount })} ${resource}`;
}

/** The number of an amount with its unit. */
export function quantity({ unit, amount }: Pick<Amount, 'unit' | 'amount'>): string {
  if (unit === 'bytes') return amount < 0 ? `−${memoryWords(-amount)}` : memoryWords(amount);
  const text = String(Math.round(Math.abs(amount) * 100) / 100);
  return amount < 0 && text !== '0' ? `−${text}` : text;
}

/** Events shown of a node. */
const MOST_EVENTS = 8;

/** The last events about a node or a task on it, newest first; `until`: those after it are left out. */
export function nodeEvents(
  entries: readonly TimelineEntry[],
  nodeId: string,
  until = Number.POSITIVE_INFINITY,
): TimelineEntry[] {
  return entries
    .filter((entry) => entry.nodeId === nodeId && entry.at <= until)
    .slice(-MOST_EVENTS)
    .toReversed();
}
