import { Popover } from '../ui/Popover';
import type { BoardTask } from './board-tasks';
import { TaskChip } from './TaskChip';
import { TaskList } from './TaskList';
import { visibleTasks } from './visible-tasks';

/** Tasks without a node, each with the engine's reason. */
export function WaitingLane({ tasks }: { tasks: readonly BoardTask[] }) {
  if (tasks.length === 0) return null;
  return (
    <Lane label="Waiting for a node" tasks={tasks} most={2} more="All tasks that wait for a node" />
  );
}

/** Some tasks in one line of the board's strip; the others open over the board. */
export function Lane({
  label,
  tasks,
  most,
  more,
}: {
  label: string;
  tasks: readonly BoardTask[];
  /** Tasks shown in the line. */
  most: number;
  /** Accessible name of the others. */
  more: string;
}) {
  const shown = visibleTasks(tasks, most);
  return (
    <section className="flex h-full min-w-0 flex-1 items-center gap-2" aria-label={label}>
      <h3 className="silkscreen max-w-50 min-w-0 truncate lowercase max-sm:sr-only">{label}</h3>
      <ul className="flex min-w-[min(100%,10rem)] flex-1 gap-1.5">
        {shown.map((one) => (
          <TaskChip key={one.id} shown={one} />
        ))}
      </ul>
      {shown.length < tasks.length && (
        <Popover
          className="silkscreen shrink-0 underline touch:h-11"
          label={more}
          line={`+${tasks.length - shown.length} more`}
        >
          <TaskList tasks={tasks.filter((one) => !shown.includes(one))} />
        </Popover>
      )}
    </section>
  );
}
