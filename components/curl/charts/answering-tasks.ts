import type { Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';

/** Who stands behind a task id: enough to show an answer as the board shows its task. */
export interface Who {
  readonly slot: number | null;
  /** `goweb.1` */
  readonly name: string;
  /** Name of its node; null when unknown. */
  readonly node: string | null;
}

/**
 * Everybody who answered or could have: the run's own list (it keeps tasks that are gone from
 * the engine) over the tasks of the present picture.
 */
export function whoAnswered(
  run: Pick<Run, 'shares' | 'request'>,
  view: Pick<SwarmView, 'tasks' | 'nodes'>,
): ReadonlyMap<string, Who> {
  const nodes = new Map(view.nodes.map(({ id, name }) => [id, name]));
  const who = new Map<string, Who>();
  const add = (id: string, slot: number | null, name: string, nodeId: string | null) =>
    who.set(id, { slot, name, node: nodeId === null ? null : (nodes.get(nodeId) ?? null) });
  for (const task of view.tasks) {
    if (task.serviceId === run.request.serviceId) add(task.id, task.slot, task.name, task.nodeId);
  }
  for (const { taskId, slot, name, nodeId } of run.shares) {
    if (taskId !== null) add(taskId, slot, name, nodeId);
  }
  return who;
}

/** Whether both say the same, so that nothing has to be drawn again. */
export function sameWho(a: ReadonlyMap<string, Who>, b: ReadonlyMap<string, Who>): boolean {
  if (a.size !== b.size) return false;
  for (const [id, { slot, name, node }] of a) {
    const other = b.get(id);
    if (!other || other.slot !== slot || other.name !== name || other.node !== node) return false;
  }
  return true;
}
