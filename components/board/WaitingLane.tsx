import type { BoardTask } from './board-tasks';
import { TaskList } from './TaskList';

/** Tasks without a node, each with the engine's reason. */
export function WaitingLane({ tasks }: { tasks: readonly BoardTask[] }) {
  if (tasks.length === 0) return null;
  return (
    <section className="waiting-lane mb-3.5" aria-label="Waiting for a node">
      <h3 className="silkscreen mb-1">waiting for a node</h3>
      <TaskList tasks={tasks} layout="lane" />
    </section>
  );
}
