import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { NodeView } from '@/lib/swarm/view';

/** A period in which a node was not ready (ms); `to` is null while it lasts. */
export interface DownTime {
  from: number;
  to: number | null;
}

/** The recorded periods in which a node was not ready, oldest first. */
export function downTimes(
  nodeId: string,
  entries: readonly TimelineEntry[],
  node: NodeView | null,
): DownTime[] {
  const times: DownTime[] = [];
  for (const { kind, at } of entries.filter((entry) => entry.nodeId === nodeId)) {
    const last = times.at(-1);
    if (kind === 'node down' && last?.to !== null) times.push({ from: at, to: null });
    if ((kind === 'node up' || kind === 'node joined') && last?.to === null) last.to = at;
    // Its going down is not in the record, so it was down when the record started.
    if (kind === 'node up' && !last) times.push({ from: Number.NEGATIVE_INFINITY, to: at });
  }
  if (times.length === 0 && node && node.state !== 'ready') {
    times.push({ from: node.stateSince, to: null });
  }
  return times;
}
