import type { EngineNode, EngineService, EngineTask } from '../engine-json';
import { naturalOrder } from '../natural';
import { inSentence, listed } from '../words';
import { satisfies } from './constraints';
import { failuresOf, type Cluster, type NodeLoad } from './placement';

/** A task that runs, and where. */
interface RunningTask {
  nodeId: string | null;
}

/**
 * Which nodes could run a task of the service and have none, while another one has several: swarm moves no task to a node
 * that comes back. Null where it is spread as swarm would spread it anew. `running`: the tasks of the service that run.
 */
export function unevenSpread(
  service: EngineService,
  running: readonly RunningTask[],
  nodes: readonly EngineNode[],
  cluster: () => Cluster,
): string | null {
  const { Mode, TaskTemplate } = service.Spec;
  // Preferences can spread a service over something else than nodes.
  if (!Mode.Replicated || TaskTemplate.Placement?.Preferences?.length) return null;
  const counts = new Map<string, number>();
  for (const { nodeId } of running) counts.set(nodeId ?? '', (counts.get(nodeId ?? '') ?? 0) + 1);
  const most = Math.max(0, ...counts.values());
  if (most < 2) return null;
  const constraints = TaskTemplate.Placement?.Constraints ?? [];
  // Cheap rules first: constraints keep the same nodes empty for ever.
  const candidates = nodes.filter((node) => !counts.has(node.ID) && isOpen(node, constraints));
  if (candidates.length === 0) return null;
  const { loads } = cluster();
  const empty = loads.filter(
    (load) => candidates.includes(load.node) && canTake(service, load, cluster()),
  );
  if (empty.length === 0) return null;
  const [fullest] = loads
    .filter(({ node }) => counts.get(node.ID) === most)
    .sort((a, b) => naturalOrder(a.name, b.name));
  const names = empty.map(({ name }) => name).sort(naturalOrder);
  const who = `${listed(names.map(inSentence))} ${names.length === 1 ? 'has' : 'have'}`;
  const others = fullest ? `, and ${inSentence(fullest.name)} has ${most}` : '';
  return `${who} no task of ${inSentence(service.Spec.Name)}${others}: a restart spreads them.`;
}

function isOpen(node: EngineNode, constraints: readonly string[]): boolean {
  const { Status, Spec } = node;
  return Status.State === 'ready' && Spec.Availability === 'active' && satisfies(constraints, node);
}

function canTake({ ID, Spec }: EngineService, load: NodeLoad, cluster: Cluster): boolean {
  const task: Pick<EngineTask, 'ServiceID' | 'Spec'> = { ServiceID: ID, Spec: Spec.TaskTemplate };
  return failuresOf(task, load, cluster).length === 0;
}
