import type { Span } from '@/lib/swarm/timeline-schemas';
import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { SwarmView } from '@/lib/swarm/view';

/** Number of lanes where no node has a place on a HAT. */
const FEW = 5;

/**
 * Ids of the nodes that have a lane: first the HAT's nodes in their order, then other nodes with
 * tasks or entries in the window; those with problems come first, then those with other entries.
 */
export function laneOrder(
  spans: ReadonlyMap<string, readonly Span[]>,
  { hat, nodes }: Pick<SwarmView, 'hat' | 'nodes'>,
  entries: readonly TimelineEntry[],
): string[] {
  const placed = hat.length > 0 ? nodes.filter(({ place }) => place !== null) : nodes.slice(0, FEW);
  const onHat = placed.map(({ id }) => id);
  const withEntries = new Set(entries.flatMap(({ nodeId }) => nodeId ?? []));
  const withProblems = new Set(entries.flatMap(({ bad, nodeId }) => (bad ? [nodeId] : [])));
  const known = new Set(nodes.map(({ id }) => id));
  const others = [
    ...nodes.map(({ id }) => id),
    ...new Set([...spans.keys(), ...withEntries].filter((id) => !known.has(id))),
  ].filter((id) => !onHat.includes(id) && (spans.has(id) || withEntries.has(id)));
  const rank = (id: string) => Number(withProblems.has(id)) + Number(withEntries.has(id));
  return [...onHat, ...others.sort((a, b) => rank(b) - rank(a))];
}
