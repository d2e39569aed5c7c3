import type { NodePatch } from '@/lib/swarm/spec/node-form';
import type { NodeView, SwarmView } from '@/lib/swarm/view';

/** What the engine has accepted for a node. */
export interface RequestedNode {
  patch: Pick<NodePatch, 'availability' | 'role'>;
  removed?: boolean;
}

/** What a request will make of a node, in words; null once the view shows it. */
export function requestedWords(
  { patch: { availability, role }, removed }: RequestedNode,
  node: Pick<NodeView, 'availability' | 'role'>,
): string | null {
  const waits = [
    ...(removed ? ['removal'] : []),
    ...(availability !== undefined && availability !== node.availability ? [availability] : []),
    ...(role !== undefined && role !== node.role ? [role] : []),
  ];
  return waits.length === 0 ? null : `Requested: ${waits.join(', ')}.`;
}

/** The same of a node of the view; null also where it has left. */
export function requestedOf(
  request: RequestedNode,
  id: string,
): (view: SwarmView) => string | null {
  return ({ nodes }) => {
    const node = nodes.find((one) => one.id === id);
    return node ? requestedWords(request, node) : null;
  };
}
