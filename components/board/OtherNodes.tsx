import type { NodeView } from '@/lib/swarm/view';
import { FEW_NODES } from './board-places';
import type { BoardTask } from './board-tasks';
import { ManyNodes } from './ManyNodes';
import { NodeCards } from './NodeCards';

const NONE: readonly BoardTask[] = [];

/** Nodes beyond the HAT: cards, with a filter and pages when they are many. */
export function OtherNodes({
  nodes,
  byNode,
}: {
  nodes: readonly NodeView[];
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
}) {
  return (
    <section aria-label="Other nodes" className="mt-4">
      <h2 className="mb-2 text-sm">
        Other nodes <span className="font-normal text-dim">{nodes.length} beyond the HAT</span>
      </h2>
      {nodes.length > FEW_NODES ? (
        <ManyNodes nodes={nodes} byNode={byNode} />
      ) : (
        <NodeCards nodes={nodes.map((node) => ({ node, tasks: byNode.get(node.id) ?? NONE }))} />
      )}
    </section>
  );
}
