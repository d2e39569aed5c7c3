import { Popover } from '../ui/Popover';
import type { BoardTask } from './board-tasks';
import { TaskChip } from './TaskChip';
import { TaskList } from './TaskList';
import { visibleTasks } from './visible-tasks';

/** Tasks in the lane; the others open over the board. */
const MOST = 2;

/** Tasks without a node, each with the engine's reason. Its place in the board's strip is kept free. */
export function WaitingLane({ tasks }: { tasks: readonly BoardTask[] }) {
  if (tasks.length === 0) return <div className="lane" />;
  const shown = visibleTasks(tasks, MOST);
  return (
    <section className="lane" aria-label="Waiting for a node">
      <h3 className="silkscreen max-sm:sr-only">waiting for a node</h3>
      <ul className="flex min-w-0 flex-1 gap-1.5">
        {shown.map((one) => (
          <TaskChip key={one.id} shown={one} />
        ))}
      </ul>
      {shown.length < tasks.length && (
        <Popover
          className="silkscreen whitespace-nowrap underline"
          label="All tasks that wait for a node"
          line={`+${tasks.length - shown.length} more`}
        >
          <TaskList tasks={tasks.filter((one) => !shown.includes(one))} />
        </Popover>
      )}
    </section>
  );
}
