import type { NodeView, SwarmView } from '@/lib/swarm/view';

/** One of the HAT's places, with or without a node. */
export interface BoardPlace {
  name: string;
  /** Its port on the HAT: `P1` …; null for the controller. */
  port: string | null;
  node: NodeView | null;
}

/**
 * The HAT's places in order, and the nodes without a place. A node that left and joined again is
 * listed twice under one name, and the old entry is down: the place goes to the ready one.
 */
export function boardPlaces(view: Pick<SwarmView, 'hat' | 'nodes'>): {
  places: BoardPlace[];
  others: NodeView[];
} {
  const placed = new Set<NodeView>();
  const places = view.hat.map((name, index) => {
    const candidates = view.nodes.filter((node) => node.name === name);
    const node = candidates.find(({ state }) => state === 'ready') ?? candidates[0] ?? null;
    if (node) placed.add(node);
    return { name, port: index === 0 ? null : `P${index}`, node };
  });
  return { places, others: view.nodes.filter((node) => !placed.has(node)) };
}
