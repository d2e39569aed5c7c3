import type { Span } from '@/lib/swarm/timeline-schemas';
import type { TimelineEntry } from '@/lib/swarm/timeline-schemas';
import type { SwarmView } from '@/lib/swarm/view';

/**
 * Ids of the nodes that have a lane: first the HAT's nodes in their order, then other nodes with
 * tasks or entries in the window; those with problems come first, then those with other entries.
 */
export function laneOrder(
  spans: ReadonlyMap<string, readonly Span[]>,
  { hat, nodes }: Pick<SwarmView, 'hat' | 'nodes'>,
  entries: readonly TimelineEntry[],
): string[] {
  const onHat = nodes.filter(({ name }) => hat.includes(name)).map(({ id }) => id);
  const withEntries = new Set(entries.map(({ nodeId }) => nodeId));
  const withProblems = new Set(entries.flatMap(({ bad, nodeId }) => (bad ? [nodeId] : [])));
  const known = new Set(nodes.map(({ id }) => id));
  const others = [
    ...nodes.flatMap(({ id, name }) => (hat.includes(name) ? [] : [id])),
    ...[...spans.keys()].filter((id) => !known.has(id)),
  ].filter((id) => spans.has(id) || withEntries.has(id));
  const rank = (id: string) => Number(withProblems.has(id)) + Number(withEntries.has(id));
  return [...onHat, ...others.sort((a, b) => rank(b) - rank(a))];
}
