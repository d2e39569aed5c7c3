'use client';

import { useMemo, useRef, useState } from 'react';
import type { BoardTask } from './board-tasks';
import type { NodeView } from '@/lib/swarm/view';
import { Filter } from '../ui/Filter';
import { Pager } from '../ui/Pager';
import { countWords } from '../ui/words';
import { filterNodes, type FilteredNode } from './filter-nodes';
import { NodeCard } from './NodeCard';
import { Overview } from './Overview';
import { Box } from '../ui/Box';

/** Cards on a page. */
const PAGE = 10;

/**
 * Tens or hundreds of nodes beyond the HAT: all of them at a glance as squares, a filter by node
 * and service, and the nodes' cards page by page.
 */
export function ManyNodes({
  nodes,
  byNode,
}: {
  nodes: readonly NodeView[];
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
}) {
  const [text, setText] = useState('');
  const [trouble, setTrouble] = useState(false);
  const [from, setFrom] = useState(0);
  const cards = useRef<HTMLDivElement>(null);
  const left = useMemo(
    () => filterNodes(nodes, byNode, text, trouble),
    [nodes, byNode, text, trouble],
  );
  const first = Math.min(from, Math.max(0, Math.floor((left.length - 1) / PAGE) * PAGE));
  const open = (at: number) => {
    setFrom(Math.floor(at / PAGE) * PAGE);
    requestAnimationFrame(() => {
      const card = cards.current?.children[at % PAGE];
      card?.scrollIntoView({ block: 'nearest' });
      card?.animate?.(FLASH, 900);
    });
  };
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Filter
          label="Filter nodes and services"
          hint="node, service, down, drain …"
          value={text}
          count={summary(left, nodes.length)}
          onChange={setText}
        />
        <label className="flex items-center gap-1.5 text-xs">
          <input
            type="checkbox"
            checked={trouble}
            onChange={(event) => setTrouble(event.target.checked)}
          />
          only what is not as it should be
        </label>
        <span className="ml-auto">
          <Pager label="nodes" from={first} size={PAGE} all={left.length} onChange={setFrom} />
        </span>
      </div>
      {left.length === 0 ? (
        <Box className="text-dim">
          {text ? `No node, and no task on one, matches “${text}”.` : 'All is as it should be.'}
        </Box>
      ) : (
        <>
          <Overview nodes={left} from={first} to={first + PAGE} onOpen={open} />
          <div ref={cards} className="others">
            {left.slice(first, first + PAGE).map(({ node, tasks }) => (
              <NodeCard key={node.id} node={node} tasks={tasks} />
            ))}
          </div>
        </>
      )}
    </>
  );
}

const FLASH = [{ outline: '3px solid var(--color-accent)' }, { outline: '3px solid transparent' }];

function summary(left: readonly FilteredNode[], all: number): string {
  const tasks = left.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const bad = left.filter(({ tone }) => tone === 'bad').length;
  const parts = [countWords(left.length, all, 'nodes'), countWords(tasks, tasks, 'tasks')];
  return [...parts, ...(bad > 0 ? [`${bad} in trouble`] : [])].join(' · ');
}
