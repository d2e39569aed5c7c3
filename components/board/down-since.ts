import type { TimelineEntry } from '@/lib/swarm/timeline';

/** The entry that tells when a node was lost that is not ready at `at` (null: now), if it was seen. */
export function downSince(
  entries: readonly TimelineEntry[],
  nodeId: string,
  at: number | null,
): TimelineEntry | null {
  const last = entries.findLast(
    (entry) =>
      entry.nodeId === nodeId &&
      (entry.kind === 'node down' || entry.kind === 'node up') &&
      (at === null || entry.at <= at),
  );
  return last?.kind === 'node down' ? last : null;
}

/** `Unknown since 12:04:31`, or before that where nobody watched. */
export function sinceWords({ at, unseen }: Pick<TimelineEntry, 'at' | 'unseen'>): string {
  const time = new Date(at).toTimeString().slice(0, 8);
  return `Unknown since ${unseen ? 'before ' : ''}${time}`;
}
