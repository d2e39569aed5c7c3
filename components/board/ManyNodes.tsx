'use client';

import { useMemo, useRef, useState } from 'react';
import type { BoardTask } from './board-tasks';
import type { NodeView } from '@/lib/swarm/view';
import { Button } from '../ui/Button';
import { Filter } from '../ui/Filter';
import { Pager } from '../ui/Pager';
import { countWords } from '../ui/words';
import { filterNodes, type FilteredNode } from './filter-nodes';
import { NodeCard } from './NodeCard';
import { NodeGrid } from './NodeGrid';
import { Box } from '../ui/Box';

const CARDS_PER_PAGE = 10;

/**
 * Many nodes: a filter, a grid with a square for each node, and pages of cards. `folded`: the cards are shown when a node
 * is chosen or searched for, so that they do not stand between the HAT and the panels.
 */
export function ManyNodes({
  nodes,
  byNode,
  folded,
}: {
  nodes: readonly NodeView[];
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
  folded: boolean;
}) {
  const [isOpen, setOpen] = useState(!folded);
  const [text, setText] = useState('');
  const [problemsOnly, setProblemsOnly] = useState(false);
  const [from, setFrom] = useState(0);
  const cards = useRef<HTMLDivElement>(null);
  const filtered = useMemo(
    () => filterNodes(nodes, byNode, text, problemsOnly),
    [nodes, byNode, text, problemsOnly],
  );
  const first = Math.min(
    from,
    Math.max(0, Math.floor((filtered.length - 1) / CARDS_PER_PAGE) * CARDS_PER_PAGE),
  );
  const isSearch = text !== '' || problemsOnly;
  const hasCards = isOpen || isSearch;
  const open = (at: number) => {
    setOpen(true);
    setFrom(Math.floor(at / CARDS_PER_PAGE) * CARDS_PER_PAGE);
    requestAnimationFrame(() => {
      const card = cards.current?.children[at % CARDS_PER_PAGE];
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
          count={summary(filtered, nodes.length)}
          onChange={setText}
        />
        <label className="flex items-center gap-1.5 text-xs touch:min-h-11">
          <input
            type="checkbox"
            checked={problemsOnly}
            onChange={(event) => setProblemsOnly(event.target.checked)}
          />
          Problems only
        </label>
        <span className="ml-auto flex flex-wrap gap-3">
          {hasCards && (
            <Pager
              label="nodes"
              from={first}
              size={CARDS_PER_PAGE}
              all={filtered.length}
              onChange={setFrom}
            />
          )}
          {folded && !isSearch && (
            <Button className="text-xs" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? 'Hide cards' : 'Show cards'}
            </Button>
          )}
        </span>
      </div>
      {filtered.length === 0 ? (
        <Box className="text-dim">
          {text ? `No node or task matches “${text}”.` : 'No problems.'}
        </Box>
      ) : (
        <>
          <NodeGrid
            nodes={filtered}
            from={first}
            to={hasCards ? first + CARDS_PER_PAGE : first}
            onOpen={open}
          />
          {hasCards && (
            <div ref={cards} className="node-cards">
              {filtered.slice(first, first + CARDS_PER_PAGE).map(({ node, tasks }) => (
                <NodeCard key={node.id} node={node} tasks={tasks} />
              ))}
            </div>
          )}
        </>
      )}
    </>
  );
}

const FLASH = [{ outline: '3px solid var(--color-accent)' }, { outline: '3px solid transparent' }];

function summary(filtered: readonly FilteredNode[], all: number): string {
  const tasks = filtered.reduce((sum, { tasks }) => sum + tasks.length, 0);
  const bad = filtered.filter(({ tone }) => tone === 'bad').length;
  const parts = [countWords(filtered.length, all, 'nodes'), countWords(tasks, tasks, 'tasks')];
  return [...parts, ...(bad > 0 ? [`${bad} with problems`] : [])].join(' · ');
}
