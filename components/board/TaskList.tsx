'use client';

import { useState } from 'react';
import { Button } from '../ui/Button';
import type { BoardTask } from './board-tasks';
import { TaskChip, type ChipLayout } from './TaskChip';
import { visibleTasks } from './visible-tasks';

/** A list of task chips; the rest of a long list is shown on a click. */
export function TaskList({
  tasks,
  layout,
  label,
}: {
  tasks: readonly BoardTask[];
  layout: ChipLayout;
  label?: string;
}) {
  const [all, showAll] = useState(false);
  const shown = all ? tasks : visibleTasks(tasks);
  return (
    <>
      <ul className="flex flex-wrap gap-1.5 text-ink" aria-label={label}>
        {shown.map((one) => (
          <TaskChip key={one.id} shown={one} layout={layout} />
        ))}
      </ul>
      {shown.length < tasks.length && (
        <Button look="link" className="self-start text-xs" onClick={() => showAll(true)}>
          Show {tasks.length - shown.length} more
        </Button>
      )}
    </>
  );
}
