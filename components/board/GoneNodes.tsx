import type { SwarmView } from '@/lib/swarm/view';
import { Popover } from '../ui/Popover';
import type { BoardTasks } from './board-tasks';
import { Lane } from './WaitingLane';
import { TaskList } from './TaskList';

/** Maximum of nodes shown. */
const MOST = 12;

/**
 * Tasks on nodes that have left the swarm: whether they still run there is unknown. The first node is in the board's
 * strip, the others open over the board.
 */
export function GoneNodes({
  view: { nodes, goneNodes },
  byNode,
}: {
  view: Pick<SwarmView, 'nodes' | 'goneNodes'>;
  byNode: BoardTasks['byNode'];
}) {
  const present = new Set(nodes.map(({ id }) => id));
  const names = new Map(goneNodes.map(({ id, name }) => [id, name]));
  const [first, ...others] = [...byNode]
    .filter(([id]) => !present.has(id))
    .map(([id, tasks]) => {
      const name = names.get(id);
      const title = name ? `on ${name}, a node that is gone` : 'on a node that is not listed';
      return { id, title, tasks };
    });
  if (!first) return null;
  return (
    <>
      <Lane label={first.title} tasks={first.tasks} most={1} more={`All tasks ${first.title}`} />
      {others.length > 0 && (
        <Popover
          className="silkscreen shrink-0 underline touch:h-11"
          label="Tasks on other nodes that are gone"
          line={`+${others.length} ${others.length === 1 ? 'node' : 'nodes'}`}
        >
          {others.slice(0, MOST).map(({ id, title, tasks }) => (
            <section key={id} aria-label={title}>
              <h3 className="mb-1">{title}</h3>
              <TaskList tasks={tasks} />
            </section>
          ))}
          {others.length > MOST && (
            <p>{`${others.length - MOST} more nodes that are gone have tasks`}</p>
          )}
        </Popover>
      )}
    </>
  );
}
