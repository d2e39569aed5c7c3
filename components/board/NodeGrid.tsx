'use client';

import { memo, useRef, useState, type KeyboardEvent } from 'react';
import type { FilteredNode } from './filter-nodes';
import { nextInGrid } from './grid-keys';

/** Marks beside the colours: a state is never shown by colour alone. */
const MARKS: Record<FilteredNode['tone'], string> = { ok: '', busy: '…', warn: '!', bad: '✕' };

/**
 * Overview of all nodes, a square each with its number of tasks. One tab stop: arrow keys move,
 * Enter opens the node's card below. `from`, `to`: the cards that are open now.
 */
export const NodeGrid = memo(function NodeGrid({
  nodes,
  from,
  to,
  onOpen,
}: {
  nodes: readonly FilteredNode[];
  from: number;
  to: number;
  onOpen: (at: number) => void;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const [focus, setFocus] = useState(0);
  const at = Math.min(focus, nodes.length - 1);
  const onKeyDown = (event: KeyboardEvent) => {
    const squares = ref.current?.children;
    if (!squares) return;
    const next = nextInGrid(event.key, at, nodes.length, columnsOf(squares));
    if (next === null) return;
    event.preventDefault();
    setFocus(next);
    (squares[next] as HTMLElement | undefined)?.focus();
  };
  return (
    <div
      ref={ref}
      role="toolbar"
      aria-label="Node overview"
      tabIndex={-1}
      className="isolate mb-3 grid grid-cols-[repeat(auto-fill,minmax(26px,1fr))] gap-0.75 rounded-[10px] border border-line bg-panel p-2.5 contain-layout touch:grid-cols-[repeat(auto-fill,minmax(44px,1fr))]"
      onKeyDown={onKeyDown}
      onClick={(event) => {
        const square = (event.target as Element).closest('button');
        const index = square ? [...(ref.current?.children ?? [])].indexOf(square) : -1;
        if (index < 0) return;
        setFocus(index);
        onOpen(index);
      }}
    >
      {Array.from({ length: Math.ceil(nodes.length / CHUNK) }, (_, chunk) => {
        const start = chunk * CHUNK;
        return (
          <Squares
            key={start}
            nodes={nodes.slice(start, start + CHUNK)}
            from={from - start}
            to={to - start}
            tab={at - start}
          />
        );
      })}
    </div>
  );
});

/** Squares per chunk: one change among hundreds renders only its own chunk again. */
const CHUNK = 40;

interface Chunk {
  nodes: readonly FilteredNode[];
  /** Counted from the chunk's first square. */
  from: number;
  to: number;
  tab: number;
}

const Squares = memo(
  function Squares({ nodes, from, to, tab }: Chunk) {
    return nodes.map(({ node, tasks, tone, words }, index) => (
      <Square
        key={node.id}
        words={words}
        tone={tone}
        count={tasks.length}
        open={index >= from && index < to}
        tab={index === tab}
      />
    ));
  },
  (before, after) =>
    before.from === after.from &&
    before.to === after.to &&
    before.tab === after.tab &&
    before.nodes.length === after.nodes.length &&
    before.nodes.every((node, at) => node === after.nodes[at]),
);

const TONES: Record<FilteredNode['tone'], string> = {
  ok: 'border-transparent bg-raise text-dim shadow-[inset_0_-3px_0_var(--color-ok-fill)]',
  busy: 'striped border-transparent text-dim shadow-[inset_0_-3px_0_var(--color-warn-fill)] [--stripe-width:5px]',
  warn: 'border-transparent bg-warn-fill font-bold text-slot-ink',
  bad: 'border-transparent bg-bad-fill font-bold text-[light-dark(#fff,var(--color-slot-ink))]',
};

const Square = memo(function Square({
  words,
  tone,
  count,
  open,
  tab,
}: {
  words: string;
  tone: FilteredNode['tone'];
  count: number;
  open: boolean;
  tab: boolean;
}) {
  return (
    <button
      type="button"
      className={`h-5.5 rounded border font-mono text-[11px]/none hover:border-line-strong data-open:border-accent touch:h-11 ${TONES[tone]}`}
      aria-label={words}
      title={words}
      data-open={open || undefined}
      tabIndex={tab ? 0 : -1}
    >
      {MARKS[tone] || count}
    </button>
  );
});

function columnsOf(squares: HTMLCollection): number {
  const top = (squares[0] as HTMLElement | undefined)?.offsetTop;
  const second = [...squares].findIndex((one) => (one as HTMLElement).offsetTop !== top);
  return second < 0 ? squares.length : second;
}
