import { useView } from '@/lib/client/hooks';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import { shell } from '@/lib/swarm/shell';
import type { Action } from '../actions/action-store';
import { useService } from '../actions/use-service';

/** What the dialog can show. */
export interface InspectTarget {
  name: string;
  /** What it is, a word. */
  what: string;
  /** Of the present view; null: unknown, or not comparable. */
  version: number | null;
  path: `api/${string}`;
  /** The docker command that prints the same. */
  commandOf: (form: 'pretty' | 'json') => string;
  /** Whether docker has a readable form of it. */
  hasPretty: boolean;
  /** Whether parts of it are hidden until asked for. */
  hides: boolean;
}

/** What is inspected: a service, node or task, by its id. One that is removed meanwhile keeps its name. */
export function useInspectTarget(of: Extract<Action, { kind: 'inspect' }>['of']): InspectTarget {
  const view = useView();
  const { name, service } = useService('service' in of ? of.service : '');
  if ('service' in of) {
    return {
      name,
      what: 'Service',
      version: service?.version ?? null,
      path: `api/services/${encodeURIComponent(of.service)}`,
      commandOf: (form) =>
        form === 'json'
          ? shell`docker service inspect ${name}`
          : shell`docker service inspect --pretty ${name}`,
      hasPretty: true,
      hides: true,
    };
  }
  if ('node' in of) {
    const node = view?.nodes.find(({ id }) => id === of.node);
    const docker = view && node ? dockerNode(view.nodes, node) : of.node;
    return {
      name: node?.name ?? of.node.slice(0, 12),
      what: 'Node',
      version: node?.version ?? null,
      path: `api/nodes/${encodeURIComponent(of.node)}/inspect`,
      commandOf: (form) =>
        form === 'json'
          ? shell`docker node inspect ${docker}`
          : shell`docker node inspect --pretty ${docker}`,
      hasPretty: true,
      hides: false,
    };
  }
  const task = view?.tasks.find(({ id }) => id === of.task);
  return {
    name: task?.name ?? of.task.slice(0, 12),
    what: 'Task',
    version: null,
    path: `api/tasks/${encodeURIComponent(of.task)}/inspect`,
    commandOf: () => shell`docker inspect --type task ${of.task}`,
    hasPretty: false,
    hides: true,
  };
}
