import type { NodeView, ServiceView, SwarmView, TaskView } from '../view';
import type { MissingNode } from './messages';

/** Whose logs: all tasks of a service, those of its history included, or one task. */
export interface LogTarget {
  kind: 'service' | 'task';
  id: string;
}

type Swarm = {
  services: readonly Pick<ServiceView, 'id'>[];
  nodes: readonly Pick<NodeView, 'id' | 'name' | 'state' | 'stateSince'>[];
  tasks: readonly Pick<TaskView, 'id' | 'serviceId' | 'nodeId'>[];
  goneNodes: SwarmView['goneNodes'];
};

/** Whether the swarm still has the target: a service that was removed exists until its last task has stopped. */
export function exists({ services, tasks }: Swarm, target: LogTarget): boolean {
  const isListed = target.kind === 'service' && services.some(({ id }) => id === target.id);
  return isListed || tasks.some((task) => isOf(task, target));
}

/** The nodes that hold lines of the target and cannot send them now, in the order of the view. */
export function missingNodes({ nodes, tasks, goneNodes }: Swarm, target: LogTarget): MissingNode[] {
  const holding = new Set(tasks.filter((task) => isOf(task, target)).map(({ nodeId }) => nodeId));
  const absent = nodes
    .filter(({ id, state }) => state !== 'ready' && holding.has(id))
    .map(({ id, name, state, stateSince }) => ({ nodeId: id, name, state, since: stateSince }));
  const gone = goneNodes
    .filter(({ id }) => holding.has(id))
    .map(({ id, name }) => ({ nodeId: id, name, state: 'gone' as const, since: null }));
  return [...absent, ...gone] as MissingNode[];
}

/** The ids of the nodes that can send lines of the target. */
export function sendingNodes({ nodes, tasks }: Swarm, target: LogTarget): Set<string> {
  const ready = new Set(nodes.filter(({ state }) => state === 'ready').map(({ id }) => id));
  const holding = tasks.filter((task) => isOf(task, target)).map(({ nodeId }) => nodeId ?? '');
  return new Set(holding.filter((id) => ready.has(id)));
}

function isOf(task: Swarm['tasks'][number], { kind, id }: LogTarget): boolean {
  return kind === 'task' ? task.id === id : task.serviceId === id;
}

const WHY: Record<MissingNode['state'], string> = {
  down: 'is down',
  disconnected: 'is disconnected',
  unknown: 'is in an unknown state',
  gone: 'has left the swarm',
};

/** `zero3 is down: its lines are missing.` */
export function missingSentence({ name, state }: Pick<MissingNode, 'name' | 'state'>): string {
  return `${name} ${WHY[state]}: its lines are missing.`;
}
