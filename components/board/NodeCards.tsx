import type { Ref } from 'react';
import type { NodeView } from '@/lib/swarm/view';
import type { BoardTask } from './board-tasks';
import { NodeCard } from './NodeCard';

// Cards out of sight are neither laid out nor painted.
const OFFSCREEN = '[contain-intrinsic-size:auto_180px] [content-visibility:auto]';

/** Cards of nodes without a place on the HAT. Painted apart from the rest of the page. */
export function NodeCards({
  nodes,
  ref,
}: {
  nodes: readonly { node: NodeView; tasks: readonly BoardTask[] }[];
  ref?: Ref<HTMLDivElement>;
}) {
  return (
    <div
      ref={ref}
      className="isolate grid grid-cols-[repeat(auto-fill,minmax(min(240px,100%),1fr))] gap-3 contain-layout"
    >
      {nodes.map(({ node, tasks }) => (
        <NodeCard key={node.id} node={node} tasks={tasks} className={OFFSCREEN} />
      ))}
    </div>
  );
}
