import type { NodeView } from './view';

type Named = Pick<NodeView, 'id' | 'name'>;

/** The names of present and gone nodes by id. */
export function nodeNames({
  nodes,
  goneNodes,
}: {
  nodes: readonly Named[];
  goneNodes: readonly Named[];
}): Map<string, string> {
  return new Map([...goneNodes, ...nodes].map(({ id, name }) => [id, name]));
}
