'use client';

import { useState } from 'react';
import type { BoardTask } from './board-tasks';
import { Button } from '../ui/Button';
import { visibleTasks } from './visible-tasks';
import { TaskChip } from './TaskChip';

/** A list of tasks; of very many the most telling ones, the rest on a click. */
export function Chips({
  tasks,
  compact,
  label,
}: {
  tasks: readonly BoardTask[];
  compact: boolean;
  label?: string;
}) {
  const [all, showAll] = useState(false);
  const shown = all ? tasks : visibleTasks(tasks);
  return (
    <>
      <ul className="chips" aria-label={label}>
        {shown.map((one) => (
          <TaskChip key={one.id} shown={one} compact={compact} />
        ))}
      </ul>
      {shown.length < tasks.length && (
        <Button look="link" className="self-start text-xs" onClick={() => showAll(true)}>
          show {tasks.length - shown.length} more
        </Button>
      )}
    </>
  );
}
