import { useState } from 'react';
import { useView } from '@/lib/client/hooks';
import type { NodeView, SwarmView } from '@/lib/swarm/view';
import { inSentence } from '@/lib/swarm/words';

/** The node that a dialog is about. */
export interface NodeOfDialog {
  /** Null once it has left the swarm, and before the first view. */
  node: NodeView | null;
  /** For a sentence; of a node that has left, its last one. */
  name: string;
  /** Why nothing can be changed: it has left the swarm; null while it is there. */
  gone: string | null;
  view: SwarmView | null;
}

export function useNode(id: string): NodeOfDialog {
  const view = useView();
  const node = view?.nodes.find((one) => one.id === id) ?? null;
  const last = view?.goneNodes.find((one) => one.id === id);
  const [seen, setSeen] = useState<string | null>(null);
  const name = inSentence(node?.name ?? seen ?? last?.name ?? id.slice(0, 12));
  if (node && node.name !== seen) setSeen(node.name);
  const gone = view && !node ? `${name} has left the swarm.` : null;
  return { node, name, gone, view };
}

/** A text that changes when a dry run about the tasks of nodes can have another answer. */
export function placesVersion(view: SwarmView | null): string {
  return JSON.stringify([
    view?.nodes.map(({ id, version, state }) => [id, version, state]),
    view?.services.map(({ id, version }) => [id, version]),
    view?.tasks.map(({ id, nodeId, desired, phase }) => [id, nodeId, desired, phase]),
  ]);
}
