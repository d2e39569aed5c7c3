import type { SwarmView } from '@/lib/swarm/view';
import type { BoardTasks } from './board-tasks';
import { TaskList } from './TaskList';

/** Maximum of nodes shown. */
const MOST = 12;

/** Tasks on nodes that have left the swarm, by node: whether they still run there is unknown. */
export function GoneNodes({
  view: { nodes, goneNodes },
  byNode,
}: {
  view: Pick<SwarmView, 'nodes' | 'goneNodes'>;
  byNode: BoardTasks['byNode'];
}) {
  const present = new Set(nodes.map(({ id }) => id));
  const names = new Map(goneNodes.map(({ id, name }) => [id, name]));
  const gone = [...byNode].filter(([id]) => !present.has(id));
  return (
    <>
      {gone.slice(0, MOST).map(([id, tasks]) => {
        const name = names.get(id);
        const title = name ? `on ${name}, a node that is gone` : 'on a node that is not listed';
        return (
          <section key={id} className="gone-node" aria-label={title}>
            <h3 className="silkscreen mb-1 wrap-anywhere">{title}</h3>
            <TaskList tasks={tasks} />
          </section>
        );
      })}
      {gone.length > MOST && (
        <p className="silkscreen mt-3.5">{`${gone.length - MOST} more nodes that are gone have tasks`}</p>
      )}
    </>
  );
}
