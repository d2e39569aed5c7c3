'use client';

import { useState } from 'react';
import { Button } from '../ui/Button';
import type { BoardTask } from './board-tasks';
import { TaskChip } from './TaskChip';
import { foldedTasks } from './visible-tasks';

/** Tasks shown without a click, so that they fit the height that every node's card has: on wide pages, and on narrow ones. */
const MOST = 18;
const MOST_NARROW = 5;

/** By the number of tasks: how large each chip is (board.css). */
function fitOf(tasks: number): string {
  if (tasks <= 1) return 'one';
  if (tasks <= 3) return 'few';
  return tasks <= 8 ? 'some' : 'many';
}

/** The task chips of a node: the more there are, the smaller; of very many the rest is shown on a click. */
export function TaskList({ tasks, label }: { tasks: readonly BoardTask[]; label?: string }) {
  const [all, showAll] = useState(false);
  const shown = all ? tasks : foldedTasks(tasks, MOST);
  const narrow = all ? tasks : foldedTasks(tasks, MOST_NARROW);
  const more = (count: number, className: string) =>
    count > 0 && (
      <li className={className}>
        <Button look="bare" className="text-xs" onClick={() => showAll(true)}>
          +{count} more
        </Button>
      </li>
    );
  return (
    <ul className={`tasks tasks-${fitOf(shown.length)}`} aria-label={label}>
      {shown.map((one) => (
        <TaskChip key={one.id} shown={one} folded={!narrow.includes(one)} />
      ))}
      {more(tasks.length - shown.length, 'max-wide:hidden')}
      {more(tasks.length - narrow.length, 'wide:hidden')}
    </ul>
  );
}
