import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';

/** Which part of the timeline is shown. */
export interface TimelineFilter {
  /** A node's id; null: all nodes. */
  nodeId: string | null;
  /** A service's id; null: all services. */
  serviceId: string | null;
  problemsOnly: boolean;
}

export const NO_FILTER: TimelineFilter = { nodeId: null, serviceId: null, problemsOnly: false };

/** Whether an entry matches the filter. A filter by node excludes entries without a node; likewise by service. */
export function matchesFilter(
  entry: TimelineEntry,
  { nodeId, serviceId, problemsOnly }: TimelineFilter,
): boolean {
  return (
    (nodeId === null || entry.nodeId === nodeId) &&
    (serviceId === null || entry.serviceId === serviceId) &&
    (!problemsOnly || entry.bad)
  );
}
