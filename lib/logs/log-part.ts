import { findNode } from '../swarm/find-entity';
import { ambiguousNode, problemResponse, unknownNode } from '../http';
import { findTask } from '../swarm/find-task';
import type { LogEntry } from '../swarm/logs/lines';
import type { LogQuery } from '../swarm/logs/query';
import { searchPattern } from '../swarm/logs/search-text';
import type { LogTarget } from '../swarm/logs/target';
import type { SwarmView } from '../swarm/view';

/** Whose log a request is for, and the name of its file. */
export interface FoundLog {
  target: LogTarget;
  name: string;
}

/** The part of a log that a request is for. */
export interface LogPart extends FoundLog {
  /** Only lines of this node, by its id; null: of all. */
  nodeId: string | null;
  /** Whether an entry belongs to it; notes always do, as they say what is missing. */
  includes: (entry: PartEntry) => boolean;
}

type PartEntry =
  | Pick<LogEntry & { kind: 'line' }, 'kind' | 'nodeId' | 'text'>
  | { kind: 'failure' | 'note' };

/** The task, node and text that a query names, of a log. */
export function logPart(
  { target, name }: FoundLog,
  { task: wantedTask, node: wantedNode, search }: Pick<LogQuery, 'task' | 'node' | 'search'>,
  view: SwarmView,
): LogPart | Response {
  let part: FoundLog = { target, name };
  if (wantedTask !== null) {
    if (target.kind === 'task') {
      return problemResponse('bad-request', 'task is for the log of a service.');
    }
    const tasks = view.tasks.filter(({ serviceId }) => serviceId === target.id);
    const task = findTask({ tasks }, wantedTask);
    if (!task) {
      return problemResponse(
        'not-found',
        'The service has no task with this id or name.',
        'Swarm keeps the last few tasks of each slot; docker service ps lists them.',
      );
    }
    part = { target: { kind: 'task', id: task.id }, name: task.name };
  }
  const node = wantedNode === null ? null : findNode(view, wantedNode);
  if (node === 'ambiguous') return ambiguousNode();
  if (node === undefined) return unknownNode();
  const pattern = searchPattern(search);
  const named = [part.name, node?.name, pattern && 'matches'].filter(Boolean).join('-');
  return {
    target: part.target,
    name: named,
    nodeId: node?.id ?? null,
    includes: (entry) =>
      entry.kind !== 'line' ||
      ((node === null || entry.nodeId === node.id) &&
        (pattern === null || entry.text.search(pattern) >= 0)),
  };
}
