import type { NodeView, SwarmView } from '@/lib/swarm/view';

/** One of the HAT's places, with or without a node. */
export interface BoardPlace {
  name: string;
  /** Its port on the HAT: `P1` …; null for the controller. */
  port: string | null;
  node: NodeView | undefined;
}

/** The HAT's places in order, and the nodes without a place. */
export function boardPlaces(view: Pick<SwarmView, 'hat' | 'nodes'>): {
  places: BoardPlace[];
  others: NodeView[];
} {
  const places = view.hat.map((name, index) => ({
    name,
    port: index ? `P${index}` : null,
    node: view.nodes.find(({ place }) => place === index),
  }));
  return { places, others: view.nodes.filter(({ place }) => place === null) };
}
