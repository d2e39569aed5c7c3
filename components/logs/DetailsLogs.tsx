import type { TaskView } from '@/lib/swarm/view';
import { Section } from '../details/parts';
import { lazyPart } from '../ui/lazy-part';
import { Skeleton } from '../ui/Skeleton';

const TaskLogs = lazyPart(() => import('./TaskLogs').then((part) => part.TaskLogs));
const NodeLogs = lazyPart(() => import('./TaskLogs').then((part) => part.NodeLogs));

const NOW = <p className="text-dim">Logs are of now: go back to now to read them.</p>;

/** The logs in the details of a task. `at`: the time of the past view that is shown; null: now. */
export function DetailsOfTaskLogs({
  task,
  at,
}: {
  task: Pick<TaskView, 'id' | 'name'>;
  at: number | null;
}) {
  return (
    <Section title="Logs">
      {at === null ? <TaskLogs task={task} fallback={<Skeleton className="h-60" />} /> : NOW}
    </Section>
  );
}

/** The logs in the details of a node; nothing without a task on it. */
export function DetailsOfNodeLogs({
  tasks,
  at,
}: {
  tasks: readonly TaskView[];
  at: number | null;
}) {
  if (tasks.length === 0) return null;
  return (
    <Section title="Logs of its tasks">
      {at === null ? <NodeLogs tasks={tasks} fallback={<Skeleton className="h-9" />} /> : NOW}
    </Section>
  );
}
