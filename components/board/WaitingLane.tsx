import type { BoardTask } from './board-tasks';
import { TaskList } from './TaskList';

/** Tasks without a node, each with the engine's reason. */
export function WaitingLane({ tasks }: { tasks: readonly BoardTask[] }) {
  if (tasks.length === 0) return null;
  return (
    <section
      className="mb-3.5 rounded-[10px] border-[1.5px] border-dashed border-pcb-copper px-3 pt-2 pb-3"
      aria-label="Waiting for a node"
    >
      <h3 className="silkscreen mb-1">waiting for a node</h3>
      <TaskList tasks={tasks} layout="lane" />
    </section>
  );
}
