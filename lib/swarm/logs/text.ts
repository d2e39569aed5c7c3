import type { NodeView, SwarmView, TaskView } from '../view';
import type { LogLine } from './lines';

/** Names of tasks and nodes by their ids. */
export interface LogNames {
  tasks: ReadonlyMap<string, string>;
  nodes: ReadonlyMap<string, string>;
}

/** The names that a view has; older tasks are not listed any more. */
export function logNames({
  tasks,
  nodes,
  goneNodes,
}: {
  tasks: readonly Pick<TaskView, 'id' | 'name'>[];
  nodes: readonly Pick<NodeView, 'id' | 'name'>[];
  goneNodes: SwarmView['goneNodes'];
}): LogNames {
  return {
    tasks: new Map(tasks.map(({ id, name }) => [id, name])),
    nodes: new Map([...goneNodes, ...nodes].map(({ id, name }) => [id, name])),
  };
}

/** A line as `docker service logs --timestamps` prints it: `TIME goweb.2.ID@zero1    | text`. */
export function textLine(
  { time, taskId, nodeId, text, cut }: Omit<LogLine, 'kind' | 'stream'>,
  { tasks, nodes }: LogNames,
): string {
  const name = tasks.get(taskId);
  const task = name === undefined ? taskId : `${name}.${taskId}`;
  const node = nodes.get(nodeId) ?? nodeId;
  return `${time} ${task}@${node}    | ${text}${cut ? ' …' : ''}\n`;
}

/** A remark between the lines: `# zero3 is down: its lines are missing.` */
export function textNote(sentence: string): string {
  return `# ${sentence}\n`;
}
