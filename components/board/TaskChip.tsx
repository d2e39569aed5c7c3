'use client';

import { memo } from 'react';
import type { BoardTask } from './board-tasks';
import { useFromNow, useIsLit } from '@/lib/client/hooks';
import { slotStyle } from '../ui/slot';
import { Help } from '../ui/Help';
import { SlotBadge } from '../ui/SlotBadge';
import { Prose } from '../ui/Prose';
import { chipContainer, chipName, chipState } from './chip-state';

/**
 * One task: its slot's badge, name, state with age, container; its error in full and what that
 * means. `compact` is for a crowded node: the same facts, the container on focus or hover.
 */
export const TaskChip = memo(function TaskChip({
  shown,
  compact,
}: {
  shown: BoardTask;
  compact: boolean;
}) {
  const { task } = shown;
  const lit = useIsLit(task.id);
  const words = useFromNow((now) => chipState(shown, now).words);
  const { look } = chipState(shown, 0);
  const name = chipName(shown);
  const container = chipContainer(shown);
  const tight = compact && !task.error;
  return (
    <li
      className={`chip chip-${look} ${tight ? 'chip-tight' : ''}`}
      style={slotStyle(task.slot)}
      data-task={task.id}
      data-slot={task.slot ?? ''}
      data-state={task.state}
      data-container={task.container ?? ''}
      data-lit={lit || undefined}
      {...(tight && { tabIndex: 0, 'aria-label': `${name}, ${words}, ${container}` })}
    >
      <SlotBadge slot={task.slot} />
      <b className="chip-name" title={task.name}>
        {name}
      </b>
      <span className="chip-state">{words}</span>
      <span className="chip-id">
        {container}
        {!task.upToDate && look !== 'broken' && ' · old version'}
      </span>
      {task.error && <p className="chip-error">{task.error}</p>}
      {task.hint && (
        <p className="chip-hint">
          <Prose text={task.hint} />{' '}
          {task.help && <Help id={task.help} about={`${name} ${task.state}`} />}
        </p>
      )}
      {shown.earlierFailures > 0 && (
        <p className="chip-hint">
          {shown.earlierFailures} earlier {shown.earlierFailures === 1 ? 'failure' : 'failures'} of
          this slot in the table below.
        </p>
      )}
    </li>
  );
});
