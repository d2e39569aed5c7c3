import type { BoardTask } from './board-tasks';
import { Chips } from './Chips';

/** Tasks that no node has: across the whole HAT, each with the engine's reason. */
export function WaitingLane({ tasks }: { tasks: readonly BoardTask[] }) {
  if (tasks.length === 0) return null;
  return (
    <section className="lane" aria-label="Waiting for a node">
      <h3 className="silk">waiting for a node</h3>
      <Chips tasks={tasks} compact={false} />
    </section>
  );
}
