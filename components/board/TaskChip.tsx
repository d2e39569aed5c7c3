'use client';

import { memo } from 'react';
import { useFromNow, useIsLit } from '@/lib/client/hooks';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import type { BoardTask } from './board-tasks';
import { CHIP_LOOKS, containerWords, stateWords, taskName } from './task-words';

/** `compact`: one line each on a node with many tasks; `lane`: side by side across the HAT. */
export type ChipLayout = 'list' | 'compact' | 'lane';

/** One task: slot, name, state with its age, container, and its error with an explanation. */
export const TaskChip = memo(function TaskChip({
  shown,
  layout,
}: {
  shown: BoardTask;
  layout: ChipLayout;
}) {
  const { task, earlierFailures, badge } = shown;
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
      className={`chip chip-${fitting} chip-${look}`}
      style={slotStyle(badge)}
      data-task={task.id}
      data-slot={task.slot ?? ''}
      data-state={task.state}
      data-container={task.container ?? ''}
      data-lit={lit || undefined}
      {...(compact && { tabIndex: 0, 'aria-label': `${name}, ${words}, ${container}` })}
    >
      <SlotBadge slot={badge} />
      <b className="wrap-anywhere" title={task.name}>
        {name}
      </b>
      <span className="chip-state">{words}</span>
      <span className="chip-container">
        {container}
        {!task.upToDate && look !== 'broken' && ' · old version'}
      </span>
      {task.error && (
        <p className={`chip-note font-mono ${look === 'moving' ? 'text-warn' : 'text-bad'}`}>
          {task.error}
        </p>
      )}
      {task.hint && (
        <p className="chip-note text-dim">
          <Prose text={task.hint} />{' '}
          {task.help && <Help id={task.help} about={`${name} ${task.state}`} />}
        </p>
      )}
      {earlierFailures > 0 && (
        <p className="chip-note text-dim">
          Failed {earlierFailures} {earlierFailures === 1 ? 'time' : 'times'} before (see Tasks)
        </p>
      )}
    </li>
  );
});
