import { humanDuration } from './duration';
import { naturalOrder } from './natural';
import { nodeNames } from './node-names';
import { replicasText } from './replicas';
import type { TaskState } from './task-state';
import type { PortView, ServiceView, SwarmView, TaskView } from './view';

/** Docker's own tables, column for column. */

/** Docker cuts an error at this many characters in a table. */
const MAX_ERROR = 30;

/** `running` as tables print it: `Running`. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

/** `Running 3 minutes ago` (docker/cli command/task/formatter.go). */
export function stateAgo(state: TaskState, at: number, now: number): string {
  return `${capital(state)} ${humanDuration(now - at)} ago`;
}

/** A row of `docker service ps`. */
export interface TaskRow {
  task: TaskView;
  id: string;
  /** ` \_ goweb.3` for a task that a newer one of its slot has followed. */
  name: string;
  past: boolean;
  image: string;
  node: string;
  desired: string;
  current: string;
  /** Quoted and cut as docker does it; empty when there is none. */
  error: string;
  /** Ports in host mode: `*:32768->8080/tcp`. */
  ports: string;
}

/** Quoted, and cut at 30 characters (docker/cli formatter.go, `maxErrLength`). */
function tableError(error: string): string {
  if (error === '') return '';
  return `"${error.length > MAX_ERROR ? `${error.slice(0, MAX_ERROR - 1)}…` : error}"`;
}

/** `docker service ps` over all services of the view: by name, then newest first. */
export function taskRows(
  view: Pick<SwarmView, 'tasks' | 'nodes' | 'goneNodes'>,
  now: number,
): TaskRow[] {
  // Docker prints the hostname, which several nodes can share.
  const names = nodeNames(view);
  let previous = '';
  return view.tasks.map((task) => {
    const past = task.name === previous;
    previous = task.name;
    return {
      task,
      id: task.id.slice(0, 12),
      name: past ? ` \\_ ${task.name}` : task.name,
      past,
      image: task.image,
      node: task.nodeId === null ? '' : (names.get(task.nodeId) ?? task.nodeId),
      desired: capital(task.desired),
      current: stateAgo(task.state, task.stateAt, now),
      error: tableError(task.error),
      ports: task.hostPorts
        .map(({ published, target, protocol }) => `*:${published}->${target}/${protocol}`)
        .join(','),
    };
  });
}

/** A row of `docker node ls`. */
export interface NodeRow {
  id: string;
  here: boolean;
  hostname: string;
  status: string;
  availability: string;
  managerStatus: string;
  engineVersion: string;
}

/** `docker node ls`: natural order by hostname. */
export function nodeRows(view: Pick<SwarmView, 'nodes'>): NodeRow[] {
  return view.nodes
    .filter(({ listed }) => listed)
    .map((node) => ({
      id: node.id,
      here: node.here,
      hostname: node.hostname,
      status: capital(node.state),
      availability: capital(node.availability),
      managerStatus: node.leader ? 'Leader' : capital(node.reachability ?? ''),
      engineVersion: node.engineVersion,
    }))
    .sort((a, b) => naturalOrder(a.hostname, b.hostname));
}

/** A row of `docker service ls`. */
export interface ServiceRow {
  service: ServiceView;
  id: string;
  name: string;
  mode: string;
  replicas: string;
  image: string;
  ports: string;
}

/** `docker service ls`: by name. */
export function serviceRows(view: Pick<SwarmView, 'services'>): ServiceRow[] {
  return view.services
    .filter(({ listed }) => listed)
    .map((service) => ({
      service,
      id: service.id.slice(0, 12),
      name: service.name,
      mode: service.mode.replace('-', ' '),
      replicas: replicasText(service),
      image: service.image,
      ports: portsText(service.ports),
    }))
    .sort((a, b) => naturalOrder(a.name, b.name));
}

/**
 * The PORTS column: ingress ports only, by protocol then port, runs merged:
 * `*:80-81->80-81/tcp, *:8888->8080/tcp` (docker/cli service/formatter.go, `portList`).
 */
export function portsText(ports: readonly PortView[]): string {
  const mesh = ports
    .flatMap(({ published, target, protocol, mode }) =>
      published !== null && mode === 'ingress' ? [{ published, target, protocol }] : [],
    )
    .sort((a, b) =>
      a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.published - b.published,
    );
  const runs: { from: (typeof mesh)[number]; length: number }[] = [];
  for (const port of mesh) {
    const run = runs.at(-1);
    const follows =
      run !== undefined &&
      port.protocol === run.from.protocol &&
      port.published === run.from.published + run.length &&
      port.target === run.from.target + run.length;
    if (follows) run.length++;
    else runs.push({ from: port, length: 1 });
  }
  const range = (from: number, length: number) =>
    length === 1 ? `${from}` : `${from}-${from + length - 1}`;
  return runs
    .map(
      ({ from, length }) =>
        `*:${range(from.published, length)}->${range(from.target, length)}/${from.protocol}`,
    )
    .join(', ');
}
