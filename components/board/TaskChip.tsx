'use client';

import { memo } from 'react';
import { useFromNow, useIsLit } from '@/lib/client/hooks';
import { lazyPart } from '../ui/lazy-part';
import { Help } from '../ui/Help';
import { Popover } from '../ui/Popover';
import { Prose } from '../ui/Prose';
import { slotStyle } from '../ui/slot';
import { SlotBadge } from '../ui/SlotBadge';
import type { BoardTask } from './board-tasks';
import { CHIP_LOOKS, containerWords, errorLine, stateWords, taskName } from './task-words';

const HintActions = lazyPart(() =>
  import('../actions/HintActions').then((part) => part.HintActions),
);

/**
 * One task: slot, name, state with its age, and its container, or the first line of its error, which
 * opens in full over the board. Its height does not depend on its state. The list around it decides
 * how much room it has (`.tasks` in board.css).
 */
export const TaskChip = memo(function TaskChip({
  shown,
  folded = false,
}: {
  shown: BoardTask;
  /** Whether narrow pages do not show it. */
  folded?: boolean;
}) {
  const { task, badge } = shown;
  const lit = useIsLit(task.id);
  const words = useFromNow((now) => stateWords(shown, now));
  const look = CHIP_LOOKS[task.phase];
  const name = taskName(shown);
  const container = containerWords(task);
  return (
    <li
      className={`chip chip-${look} ${folded ? 'max-wide:hidden' : ''}`}
      style={slotStyle(badge)}
      title={`${name}: ${words}`}
      data-task={task.id}
      data-slot={task.slot ?? ''}
      data-state={task.state}
      data-container={task.container ?? ''}
      data-lit={lit || undefined}
    >
      <SlotBadge slot={badge} />
      <b title={task.name}>
        <button type="button" data-details aria-haspopup="dialog">
          {name}
        </button>
      </b>
      <span className="chip-state">{words}</span>
      {task.error || task.hint ? (
        <Problem shown={shown} name={name} words={words} />
      ) : (
        <span className="chip-container">
          {/* First: the id is what can be cut. */}
          {!task.upToDate && 'old version · '}
          {container}
        </span>
      )}
    </li>
  );
});

function Problem({
  shown: { task, earlierFailures },
  name,
  words,
}: {
  shown: BoardTask;
  name: string;
  words: string;
}) {
  const tone = CHIP_LOOKS[task.phase] === 'moving' ? 'text-warn' : 'text-bad';
  return (
    <Popover
      className="chip-problem"
      label={`Why ${name} is ${task.state}`}
      line={
        <span className={task.error ? `font-mono ${tone}` : ''}>
          {errorLine(task.error) || <Prose text={task.hint ?? ''} />}
        </span>
      }
    >
      <p className="flex items-center gap-1.5">
        <b>{name}</b> <span className="text-dim">{words}</span>
        <button
          type="button"
          data-details
          aria-haspopup="dialog"
          aria-label={`Details of ${name}`}
          className="ml-auto text-accent underline touch:-my-3 touch:min-h-11 touch:min-w-11 touch:text-right"
        >
          Details
        </button>
      </p>
      {task.error && <p className={`font-mono ${tone}`}>{task.error}</p>}
      {task.hint && (
        <p>
          <Prose text={task.hint} />{' '}
          {task.help && <Help id={task.help} about={`${name} ${task.state}`} />}
        </p>
      )}
      <HintActions actions={task.actions} serviceId={task.serviceId} taskId={task.id} />
      <p className="text-dim">
        {containerWords(task)}
        {!task.upToDate && ' · old version'}
      </p>
      {earlierFailures > 0 && (
        <p className="text-dim">
          Failed {earlierFailures} {earlierFailures === 1 ? 'time' : 'times'} before (see Tasks)
        </p>
      )}
    </Popover>
  );
}
