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

/** Some tasks in one line of the board's strip, on phones one of them; all of them open over the board. */
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
  /** Accessible name of all of them. */
  more: string;
}) {
  const shown = visibleTasks(tasks, most);
  return (
    <section className="flex h-full min-w-0 flex-1 items-center gap-2" aria-label={label}>
      <h3 className="silkscreen max-w-50 min-w-0 truncate lowercase max-sm:sr-only">{label}</h3>
      <ul className="flex min-w-[min(100%,10rem)] max-sm:in-[.lane:has([data-paused])]:min-w-0 flex-1 gap-1.5">
        {shown.map((one) => (
          <TaskChip key={one.id} shown={one} />
        ))}
      </ul>
      {tasks.length > 1 && (
        <Popover
          className={`silkscreen shrink-0 underline touch:h-11 touch:min-w-11 ${shown.length === tasks.length ? 'sm:hidden' : ''}`}
          label={more}
          line={
            <>
              <span className="sm:hidden">+{tasks.length - 1} more</span>
              <span className="max-sm:hidden">+{tasks.length - shown.length} more</span>
            </>
          }
        >
          <TaskList tasks={tasks} />
        </Popover>
      )}
    </section>
  );
}
