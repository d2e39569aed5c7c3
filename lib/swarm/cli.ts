import { humanDuration } from './duration';
import { groupBy } from './group-by';
import { naturalOrder } from './natural';
import { nodeNames } from './node-names';
import { replicasText } from './replicas';
import type { TaskState } from './task-state';
import type { PortView, ServiceView, SwarmView, TaskView } from './view';

/** Docker's own tables, column for column. */

/** The columns of each. */
export const COLUMNS = {
  'node ls': ['ID', 'HOSTNAME', 'STATUS', 'AVAILABILITY', 'MANAGER STATUS', 'ENGINE VERSION'],
  'service ls': ['ID', 'NAME', 'MODE', 'REPLICAS', 'IMAGE', 'PORTS'],
  'service ps': ['ID', 'NAME', 'IMAGE', 'NODE', 'DESIRED STATE', 'CURRENT STATE', 'ERROR', 'PORTS'],
} as const;

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

/**
 * Tasks in the order of `docker service ps`, one service after the other: by name, then newest first. A task without a
 * slot, and the first one of a job, has the id of its node in its name; only those can be out of order in a view.
 */
export function inOrder(tasks: readonly TaskView[]): TaskView[] {
  const byService = groupBy(tasks, ({ serviceId }) => serviceId);
  return [...byService.values()].flatMap((own) =>
    own.every(({ slot }) => slot) ? own : own.toSorted((a, b) => naturalOrder(a.name, b.name)),
  );
}

/** The rows of tasks in the order of `docker service ps`. */
export function taskRows(
  view: Pick<SwarmView, 'tasks' | 'nodes' | 'goneNodes'>,
  now: number,
): TaskRow[] {
  // Docker prints the hostname, which several nodes can share.
  const names = nodeNames(view);
  let previous = '';
  return inOrder(view.tasks).map((task) => {
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
 * The PORTS column: ingress ports only, by protocol then port. Runs are merged, also onto one target:
 * `*:80-81->80-81/tcp, *:8888->8080/tcp` (docker/cli service/formatter.go, `Ports`).
 */
export function portsText(ports: readonly PortView[]): string {
  const mesh = ports
    .flatMap(({ published, target, protocol, mode }) =>
      published !== null && mode === 'ingress' ? [{ published, target, protocol }] : [],
    )
    .sort((a, b) =>
      a.protocol < b.protocol ? -1 : a.protocol > b.protocol ? 1 : a.published - b.published,
    );
  const runs: PortRun[] = [];
  for (const { published, target, protocol } of mesh) {
    const run = runs.at(-1);
    if (run && run.protocol === protocol && continues(run, published, target)) {
      run.published[1] = published;
      run.target[1] = target;
    } else {
      runs.push({ protocol, published: [published, published], target: [target, target] });
    }
  }
  const range = ([from, to]: readonly [number, number]) =>
    to > from ? `${from}-${to}` : `${from}`;
  return runs
    .map(({ protocol, published, target }) => `*:${range(published)}->${range(target)}/${protocol}`)
    .join(', ');
}

interface PortRun {
  protocol: string;
  /** First and last. */
  published: [number, number];
  target: [number, number];
}

/** Docker subtracts without signs, so a lower number does not continue a run either. */
function continues({ published, target }: PortRun, nextPublished: number, nextTarget: number) {
  const steps = [nextPublished - published[1], nextTarget - target[1]];
  const isRange = target[1] !== target[0];
  return steps.every((step) => step === 0 || step === 1) && !(isRange && nextTarget <= target[1]);
}
