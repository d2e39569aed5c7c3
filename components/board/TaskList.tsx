'use client';

import { useState } from 'react';
import { Button } from '../ui/Button';
import type { BoardTask } from './board-tasks';
import { TaskChip } from './TaskChip';
import { visibleTasks } from './visible-tasks';

/** By the number of tasks: how large each chip is, so that a node's card has one height (board.css). */
function fitOf(tasks: number): string {
  if (tasks <= 1) return 'one';
  if (tasks <= 3) return 'few';
  return tasks <= 8 ? 'some' : 'many';
}

/** The task chips of a node: the more there are, the smaller; of very many the rest is shown on a click. */
export function TaskList({ tasks, label }: { tasks: readonly BoardTask[]; label?: string }) {
  const [all, showAll] = useState(false);
  const shown = all ? tasks : visibleTasks(tasks);
  return (
    <ul className={`tasks tasks-${fitOf(shown.length)}`} aria-label={label}>
      {shown.map((one) => (
        <TaskChip key={one.id} shown={one} />
      ))}
      {shown.length < tasks.length && (
        <li>
          <Button look="bare" className="text-xs" onClick={() => showAll(true)}>
            +{tasks.length - shown.length} more
          </Button>
        </li>
      )}
    </ul>
  );
}
