'use client';

import { memo } from 'react';
import { useFromNow, useIsLit } from '@/lib/client/hooks';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import type { BoardTask } from './board-tasks';
import { CHIP_LOOKS, containerWords, stateWords, taskName, type ChipLook } from './task-words';

/** `compact`: one line each on a node with many tasks; `lane`: side by side across the HAT. */
export type ChipLayout = 'list' | 'compact' | 'lane';

// An answer lights its task at once and the light fades; without motion it goes off after 0.5 s.
const CHIP =
  'relative items-center rounded-lg border-(--c) transition-shadow duration-450 ease-out data-lit:duration-0 not-in-data-past:data-lit:shadow-[0_0_0_2px_var(--c),0_0_22px_-2px_var(--c)] motion-reduce:delay-500 motion-reduce:duration-0 motion-reduce:data-lit:delay-0';

// Where name and state do not fit side by side, the state goes under the name.
const FULL = 'flex min-w-0 shrink grow flex-wrap gap-x-1.5 gap-y-px border-l-4 py-1.75 pr-2 pl-1.5';

const LAYOUTS: Record<ChipLayout, string> = {
  list: `${FULL} basis-full`,
  lane: `${FULL} basis-75`,
  compact:
    'group grid max-w-full min-w-22 flex-auto grid-cols-[auto_minmax(0,1fr)] gap-x-1.5 border-l-3 py-1 pr-2 pl-1.25',
};

const LOOKS: Record<ChipLook, string> = {
  ok: 'bg-raise',
  moving: 'striped',
  stopping: 'striped',
  ended: 'bg-raise',
  broken: 'border-dashed bg-raise outline -outline-offset-1 outline-bad/45',
  lost: 'border-dotted text-dim outline -outline-offset-1 outline-line-strong outline-dashed',
};

const STATES: Record<ChipLook, string> = {
  ok: 'text-ok',
  moving: 'text-warn',
  stopping: 'text-dim',
  ended: 'text-dim',
  broken: 'text-bad',
  lost: 'text-dim',
};

const NOTE = 'mt-0.75 shrink-0 grow basis-full text-xs/[1.45] wrap-anywhere';

/** One task: slot, name, state with its age, container, and its error with an explanation. */
export const TaskChip = memo(function TaskChip({
  shown,
  layout,
}: {
  shown: BoardTask;
  layout: ChipLayout;
}) {
  const { task, earlierFailures } = shown;
  const lit = useIsLit(task.id);
  const words = useFromNow((now) => stateWords(shown, now));
  const look = CHIP_LOOKS[task.phase];
  const name = taskName(shown);
  const container = containerWords(task);
  // An error needs the room of a full line.
  const fitting = layout === 'compact' && task.error ? 'list' : layout;
  const compact = fitting === 'compact';
  return (
    <li
      className={`${CHIP} ${LAYOUTS[fitting]} ${LOOKS[look]}`}
      style={slotStyle(task.slot)}
      data-task={task.id}
      data-slot={task.slot ?? ''}
      data-state={task.state}
      data-container={task.container ?? ''}
      data-lit={lit || undefined}
      {...(compact && { tabIndex: 0, 'aria-label': `${name}, ${words}, ${container}` })}
    >
      <SlotBadge
        slot={task.slot}
        className={`${compact ? 'row-span-2' : ''} ${look === 'lost' ? 'grayscale-75' : ''}`}
      />
      <b className={`wrap-anywhere ${compact ? 'text-[13px]/4' : ''}`} title={task.name}>
        {name}
      </b>
      <span
        className={`text-[11px] whitespace-nowrap ${compact ? 'col-2 leading-3.5' : 'ml-auto'} ${STATES[look]}`}
      >
        {words}
      </span>
      <span
        className={`font-mono text-xs/[1.4] ${compact ? POPUP : 'shrink-0 grow basis-full pl-6.5 text-dim'}`}
      >
        {container}
        {!task.upToDate && look !== 'broken' && ' · old version'}
      </span>
      {task.error && (
        <p className={`font-mono ${NOTE} ${look === 'moving' ? 'text-warn' : 'text-bad'}`}>
          {task.error}
        </p>
      )}
      {task.hint && (
        <p className={`text-dim ${NOTE}`}>
          <Prose text={task.hint} />{' '}
          {task.help && <Help id={task.help} about={`${name} ${task.state}`} />}
        </p>
      )}
      {earlierFailures > 0 && (
        <p className={`text-dim ${NOTE}`}>
          Failed {earlierFailures} {earlierFailures === 1 ? 'time' : 'times'} before (see Tasks)
        </p>
      )}
    </li>
  );
});

/** The container's id above a compact chip, on hover and focus. */
const POPUP =
  'absolute bottom-[calc(100%+4px)] left-2 z-2 hidden rounded-md border border-line-strong bg-panel px-2 py-0.5 whitespace-nowrap text-ink group-hover:block group-focus-visible:block';
