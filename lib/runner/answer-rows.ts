import type { AnswerRow } from '@/lib/curl/answer-table';
import type { KnownTask } from '@/lib/curl/identify';
import { requestId } from '@/lib/curl/request-id';
import type { Answer, Run } from '@/lib/curl/run';

/** Resolves ids of answers to names; the entity may no longer exist. */
export interface Names {
  task(taskId: string): Pick<KnownTask, 'name' | 'slot' | 'nodeId'> | undefined;
  node(nodeId: string): string | null;
}

/** A run's answers by number, with names in place of ids, for download. */
export function exportAnswers(
  run: Pick<Run, 'id' | 'startedAt' | 'entries' | 'shares' | 'versions'>,
  answers: readonly Answer[],
  names: Names,
): AnswerRow[] {
  const versions = new Map(run.shares.map(({ taskId, version }) => [taskId, version ?? null]));
  const entries = new Map(run.entries.map(({ nodeId, name }) => [nodeId, name]));
  return answers
    .map((answer) => {
      const task = answer.taskId === null ? undefined : names.task(answer.taskId);
      const nodeId = task?.nodeId ?? null;
      const version = answer.taskId === null ? null : (versions.get(answer.taskId) ?? null);
      return {
        ...answer,
        time: Math.round(run.startedAt + answer.at),
        entryNode: entries.get(answer.entryNodeId) ?? answer.entryNodeId,
        requestId: requestId(run.id, answer.n),
        task: task?.name ?? null,
        slot: task?.slot ?? null,
        node: nodeId === null ? null : (names.node(nodeId) ?? entries.get(nodeId) ?? nodeId),
        image: version === null ? null : (run.versions[version]?.image ?? null),
        version: version === null ? null : version + 1,
      };
    })
    .sort((a, b) => a.n - b.n);
}
