'use client';

import { memo, type CSSProperties, type ReactNode } from 'react';
import { useFromNow, useIsLit } from '@/lib/client/hooks';
import { hasEnded } from '@/lib/swarm/task-phase';
import type { NodeView, SwarmView } from '@/lib/swarm/view';
import type { BoardTask } from '../board/board-tasks';
import { NodeAnswers } from '../board/NodeAnswers';
import { CONDITION_TONES, nodeCondition, roleWords } from '../board/node-words';
import { useBoardTasks } from '../board/use-board-tasks';
import { CHIP_LOOKS, shortError, STATE_TONES, stateWords, taskName } from '../board/task-words';
import { Led } from '../ui/Led';
import { Prose } from '../ui/Prose';
import { slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import {
  chipSize,
  foldCell,
  foldTasks,
  moreWords,
  stagePlaces,
  type ChipSize,
  type Folded,
} from './fold';

const NONE: readonly BoardTask[] = [];
/** Tasks without a node that are named. */
const MAX_WAITING = 3;
const BADGES = {
  large: '[--spacing:calc(var(--u)*15)] [--text-xs:calc(var(--u)*40)]',
  full: '[--spacing:calc(var(--u)*9)] [--text-xs:calc(var(--u)*26)]',
  line: '[--spacing:calc(var(--u)*7.5)]',
  badge: '[--spacing:calc(var(--u)*7.5)]',
  wide: '[--spacing:calc(var(--u)*7.5)]',
  cell: '[--spacing:calc(var(--u)*6)]',
};

/** The HAT as large as the screen allows: what does not fit is folded, never cut. */
export function StageBoard({ view, stale }: { view: SwarmView; stale: boolean }) {
  const { byNode, waiting } = useBoardTasks(view);
  const { cards, cells, more } = stagePlaces(view);
  const hasCells = cells.length > 0;
  const size = chipSize(
    cards.map(({ node }) => (node && byNode.get(node.id)) ?? NONE),
    hasCells,
  );
  const present = new Set(view.nodes.map(({ id }) => id));
  const homeless = [
    ...waiting,
    ...[...byNode].flatMap(([id, list]) => (present.has(id) ? [] : list)),
  ];
  const name = view.hat.length > 0 ? 'ClusterHAT' : 'Swarm';
  return (
    <section
      aria-label={name}
      data-board
      data-stale={stale || undefined}
      className="circuit-board board flex min-h-0 flex-col gap-2 px-3 pb-3 text-pcb-ink"
    >
      <div className="flex h-6.5 min-w-0 items-center gap-4 px-4">
        <h2 className="font-mono text-xs font-semibold tracking-[0.08em] text-pcb-dim uppercase">
          {name}
        </h2>
        {homeless.length > 0 && <Waiting tasks={homeless} />}
      </div>
      <div
        className="grid min-h-0 flex-1 grid-cols-[minmax(0,1.12fr)_repeat(calc(var(--places)-1),minmax(0,1fr))] gap-2 max-[60rem]:grid-cols-2 max-sm:grid-cols-1"
        style={{ '--places': Math.max(2, cards.length) } as CSSProperties}
      >
        {cards.map(({ name, port, node }) =>
          node ? (
            <Card
              key={node.id}
              node={node}
              port={port}
              tasks={byNode.get(node.id) ?? NONE}
              size={size}
              hasCells={hasCells}
            />
          ) : (
            <article
              key={`${port} ${name}`}
              data-node={name}
              data-state="absent"
              aria-label={`${name}: not in the swarm`}
              className="flex min-w-0 flex-col rounded-[10px] border-2 border-dashed border-pcb-dim p-2.5 text-pcb-dim"
            >
              <Head tone="off" name={name} note={port} />
              <p className="m-auto text-center text-sm text-balance">Not in the swarm</p>
            </article>
          ),
        )}
      </div>
      {hasCells && (
        <div className="grid auto-cols-fr grid-flow-col gap-2 max-[60rem]:grid-flow-row max-[60rem]:grid-cols-2">
          {cells.map((node) => (
            <Cell key={node.id} node={node} tasks={byNode.get(node.id) ?? NONE} />
          ))}
          {more.length > 0 && (
            <p className="grid h-15 place-items-center text-center text-xs text-balance text-pcb-dim">
              {moreWords(more)}
            </p>
          )}
        </div>
      )}
    </section>
  );
}

/** Tasks without a node, in the board's title line: nothing moves when one appears. */
function Waiting({ tasks }: { tasks: readonly BoardTask[] }) {
  const [first] = tasks;
  const reason = first?.task.hint ?? first?.task.error ?? '';
  return (
    <section
      aria-label="Waiting for a node"
      className="flex min-w-0 flex-1 items-center justify-end gap-3 text-sm"
    >
      {tasks.slice(0, MAX_WAITING).map((shown) => (
        <span
          key={shown.id}
          data-task={shown.id}
          data-slot={shown.task.slot ?? ''}
          data-state={shown.task.state}
          className="flex items-center gap-1.5 whitespace-nowrap"
        >
          <SlotBadge slot={shown.badge} className="[--spacing:calc(var(--u)*7)]" />
          <b title={shown.task.name}>{taskName(shown)}</b>
        </span>
      ))}
      {tasks.length > MAX_WAITING && <b>+{tasks.length - MAX_WAITING}</b>}
      <span className="min-w-0 truncate">
        {first?.task.nodeId == null ? 'waiting for a node' : 'on a node that is gone'}
        {reason && ' · '}
        <Prose text={reason} />
      </span>
    </section>
  );
}

function Head({
  tone,
  name,
  note,
  words,
}: {
  tone: 'ok' | 'warn' | 'bad' | 'off';
  name: string;
  note: string | null;
  words?: string | null;
}) {
  return (
    <div className="flex h-6 min-w-0 items-center gap-2">
      <Led tone={tone} />
      <h3 className="min-w-0 shrink truncate text-base">{name}</h3>
      {words && tone !== 'off' && (
        // Without the engine's message, which has no room here; the run's changes have it.
        <span className={`min-w-0 flex-1 truncate text-xs ${CONDITION_TONES[tone]}`}>
          {words.split(' · ')[0]}
        </span>
      )}
      {note && <span className="ml-auto font-mono text-xs whitespace-nowrap text-dim">{note}</span>}
    </div>
  );
}

const Card = memo(function Card({
  node,
  port,
  tasks,
  size,
  hasCells,
}: {
  node: NodeView;
  port: string | null;
  tasks: readonly BoardTask[];
  size: ChipSize;
  hasCells: boolean;
}) {
  const { tone, words } = nodeCondition(
    node,
    tasks.some(({ task }) => !hasEnded(task.phase)),
  );
  const folded = foldTasks(tasks, size, hasCells);
  const note = node.role === 'manager' ? roleWords(node) : port;
  return (
    <NodeArticle node={node} className="gap-1.5 p-2.5">
      <Head tone={tone} name={node.name} note={words ? null : note} words={words} />
      {tasks.length > 0 ? (
        <Tasks folded={folded} size={size} label={`tasks on ${node.name}`} />
      ) : (
        <p className="m-auto text-center text-sm text-balance text-dim">{node.idle}</p>
      )}
      <div className="mt-auto flex h-5 flex-col justify-end">
        <NodeAnswers nodeId={node.id} />
      </div>
    </NodeArticle>
  );
});

const Cell = memo(function Cell({ node, tasks }: { node: NodeView; tasks: readonly BoardTask[] }) {
  const { tone, words } = nodeCondition(node);
  return (
    <NodeArticle node={node} className="h-15 gap-1 overflow-hidden px-2.5 py-1.5">
      <Head tone={tone} name={node.name} note={null} words={words} />
      {tasks.length > 0 ? (
        <Tasks folded={foldCell(tasks)} size="cell" label={`tasks on ${node.name}`} />
      ) : (
        <p className="truncate text-xs text-dim">{node.idle}</p>
      )}
    </NodeArticle>
  );
});

/** `cell`: a badge in a cell. */
type Size = ChipSize | 'cell';

function Tasks({ folded, size, label }: { folded: Folded; size: Size; label: string }) {
  return (
    <ul
      aria-label={label}
      className={`flex min-h-0 gap-1 ${hasWords(size) ? 'flex-col' : 'flex-wrap content-start'}`}
    >
      {folded.tasks.map((shown) => (
        <Chip key={shown.id} shown={shown} size={size} />
      ))}
      {folded.more > 0 && (
        <li className="self-center px-1 text-sm font-semibold">+{folded.more}</li>
      )}
    </ul>
  );
}

/** Whether a task's name and state are beside its badge. */
function hasWords(size: Size): boolean {
  return size === 'large' || size === 'full' || size === 'line';
}

const CHIP: Record<Size, string> = {
  large: 'h-17 gap-2.5 border-l-6 pl-2.5',
  full: 'h-10 gap-2 border-l-5 pl-2',
  line: 'h-6.5 gap-2 border-l-4',
  badge: 'h-6.5 min-w-6.5 justify-center border-0 p-0',
  wide: 'h-6.5 min-w-6.5 justify-center border-0 p-0',
  cell: 'h-4.5 min-w-4.5 justify-center border-0 p-0',
};

/** One task. Lit for a moment when it answers, as on the board. */
const Chip = memo(function Chip({ shown, size }: { shown: BoardTask; size: Size }) {
  const { task, badge } = shown;
  const lit = useIsLit(task.id);
  const words = useFromNow((now) => stateWords(shown, now));
  const look = CHIP_LOOKS[task.phase];
  const name = taskName(shown);
  return (
    <li
      className={`chip flex-none flex-nowrap py-0 chip-${look} ${CHIP[size]}`}
      style={slotStyle(badge)}
      data-task={task.id}
      data-slot={task.slot ?? ''}
      data-state={task.state}
      data-lit={lit || undefined}
    >
      <SlotBadge slot={badge} className={BADGES[size]} />
      {!hasWords(size) ? (
        <span className="sr-only" title={task.name}>
          {name} {words}
        </span>
      ) : (
        <span className={size === 'line' ? 'contents' : 'min-w-0 flex-1'}>
          <b
            className={`block min-w-0 flex-1 truncate ${size === 'large' ? 'text-xl/tight' : 'text-base/tight'}`}
            title={task.name}
          >
            {name}
          </b>
          <span
            className={`block truncate ${size === 'large' ? (words.length > 14 ? 'text-xs/tight' : 'text-base/tight') : 'text-xs/tight'} ${size === 'line' ? 'shrink-0' : ''} ${STATE_TONES[look]}`}
          >
            {size === 'line' ? words.replace(/ .*/, '') : words}
            {size === 'full' && task.error && ` · ${shortError(task.error)}`}
          </span>
          {size === 'large' && task.error && (
            <span className="block truncate text-xs/tight text-bad">{shortError(task.error)}</span>
          )}
        </span>
      )}
    </li>
  );
});

/** The element by which answers find the node that they fly from and to. */
function NodeArticle({
  node,
  className,
  children,
}: {
  node: NodeView;
  className: string;
  children: ReactNode;
}) {
  return (
    <article
      aria-label={node.name}
      data-node={node.name}
      data-id={node.id}
      data-state={node.state}
      data-availability={node.availability}
      className={`node-card ${className}`}
    >
      {children}
    </article>
  );
}
