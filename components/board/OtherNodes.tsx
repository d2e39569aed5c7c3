import type { NodeView } from '@/lib/swarm/view';
import type { BoardTask } from './board-tasks';
import { NodeCard } from './NodeCard';
import { lazyPart } from '../ui/lazy-part';

// A filter and pages, which most swarms never load.
const ManyNodes = lazyPart(() => import('./ManyNodes').then((part) => part.ManyNodes));

/** Nodes that are shown without a filter and pages. */
const FEW = 12;

interface Listed {
  nodes: readonly NodeView[];
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
}

/** Nodes beyond the HAT. */
export function OtherNodes(listed: Listed) {
  return (
    <section aria-label="Other nodes" className="mt-4">
      <h2 className="mb-2 text-sm">
        Other nodes{' '}
        <span className="font-normal text-dim">{listed.nodes.length} beyond the HAT</span>
      </h2>
      <Nodes {...listed} folded />
    </section>
  );
}

/** Cards, with a filter and pages when they are many. `folded`: then the cards are not shown at first. */
export function Nodes({ nodes, byNode, folded = false }: Listed & { folded?: boolean }) {
  return nodes.length > FEW ? (
    <ManyNodes
      nodes={nodes}
      byNode={byNode}
      folded={folded}
      fallback={<div className={folded ? 'min-h-40' : 'min-h-200'} aria-busy />}
    />
  ) : (
    <div className="node-cards">
      {nodes.map((node) => (
        <NodeCard key={node.id} node={node} tasks={byNode.get(node.id)} />
      ))}
    </div>
  );
}
