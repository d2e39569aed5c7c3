import { requestId } from '@/lib/curl/request-id';
import type { Answer, Run } from '@/lib/curl/run';
import { openAction } from '../actions/action-store';
import type { AnsweringTask } from './charts/answering-tasks';

/** What of a run names the log lines of its answers. */
export interface RunLines {
  readonly id: Run['id'];
  readonly startedAt: Run['startedAt'];
  readonly serviceId: string;
}

export const linesOf = ({ id, startedAt, request }: Run): RunLines => ({
  id,
  startedAt,
  serviceId: request.serviceId,
});

/** Opens the log of the run's service at the line that has the request's id. */
export function showLogLine(
  { id, startedAt, serviceId }: RunLines,
  { n, taskId, status }: Pick<Answer, 'n' | 'taskId' | 'status'>,
  task: AnsweringTask | undefined,
): void {
  openAction({
    kind: 'logs',
    of: { service: serviceId },
    find: requestId(id, n),
    answer: {
      n,
      since: startedAt,
      taskId,
      task: task?.name ?? null,
      node: task?.node ?? null,
      answered: status !== null,
    },
  });
}
