import type { Answer, Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';

/** What a chart shows of a task. */
export interface AnsweringTask {
  readonly slot: number | null;
  /** `goweb.1` */
  readonly name: string;
  /** Name of its node; null if unknown. */
  readonly node: string | null;
}

/** What the charts of single answers show. */
export interface AnswerChartProps {
  run: Run;
  answers: readonly Answer[];
  /** By id. */
  tasks: ReadonlyMap<string, AnsweringTask>;
}

/**
 * Returns the tasks of the run's service by id: those of the view, and those of the run, which keeps tasks that
 * the engine no longer lists.
 */
export function answeringTasks(
  run: Pick<Run, 'shares' | 'request'>,
  view: Pick<SwarmView, 'tasks' | 'nodes'>,
): ReadonlyMap<string, AnsweringTask> {
  const nodes = new Map(view.nodes.map(({ id, name }) => [id, name]));
  const tasks = new Map<string, AnsweringTask>();
  const add = (id: string, slot: number | null, name: string, nodeId: string | null) =>
    tasks.set(id, { slot, name, node: nodeId === null ? null : (nodes.get(nodeId) ?? null) });
  for (const task of view.tasks) {
    if (task.serviceId === run.request.serviceId) add(task.id, task.slot, task.name, task.nodeId);
  }
  for (const { taskId, slot, name, nodeId } of run.shares) {
    if (taskId !== null) add(taskId, slot, name, nodeId);
  }
  return tasks;
}

/** Whether both have the same content, so that the charts need not render. */
export function sameTasks(
  a: ReadonlyMap<string, AnsweringTask>,
  b: ReadonlyMap<string, AnsweringTask>,
): boolean {
  if (a.size !== b.size) return false;
  for (const [id, { slot, name, node }] of a) {
    const other = b.get(id);
    if (!other || other.slot !== slot || other.name !== name || other.node !== node) return false;
  }
  return true;
}
