import {
  DEFAULT_MONITOR_MS,
  downNodes,
  stepConvergence,
  tasksBySlot,
  type ConvergenceMemory,
} from './convergence';
import type { EngineNode, EngineService, EngineTask } from './engine-json';
import { hintFor } from './hints';
import { naturalOrder } from './natural';
import type { Snapshot } from './snapshot';
import { stateRank } from './task-state';
import type { NodeView, PortView, ServiceView, SwarmView, TaskView } from './view';

/** What the view depends on besides the snapshot. */
export interface ViewOptions {
  /** Names of the HAT's places in order. */
  hat: readonly string[];
  /** Name of the service that the dashboard opens on. */
  echoService: string;
}

/** What is kept between two views. */
export interface ViewMemory {
  /** By service id, how long it has held. */
  convergence: ReadonlyMap<string, ConvergenceMemory>;
  /** By id, each entity as it was last made: equal ones stay the same object, so that a diff is cheap. */
  nodes: ReadonlyMap<string, NodeView>;
  services: ReadonlyMap<string, ServiceView>;
  tasks: ReadonlyMap<string, RememberedTask>;
}

/** A task with all that its view was made from besides itself. */
interface RememberedTask {
  version: number;
  /** Service name, whether its node is down, the service's template. */
  context: string;
  view: TaskView;
}

/** Where the first view starts from. */
export const NO_MEMORY: ViewMemory = {
  convergence: new Map(),
  nodes: new Map(),
  services: new Map(),
  tasks: new Map(),
};

/** Label on a service other than the echo service that lets the curl panel dial its ports. */
const CURL_LABEL = 'clusterhat.curl';
/** Label of the engine in `/info` by which the embedded demo swarm says what it is. */
const DEMO_LABEL = 'clusterhat.demo=true';

/**
 * The engine's lists as the picture a browser sees. Pure: the same snapshot, memory and `now` (ms)
 * give the same view. The only thing that needs memory and a clock is docker's rule that tasks
 * have to hold for a while before a service counts as converged.
 */
export function buildView(
  snapshot: Snapshot,
  options: ViewOptions,
  memory: ViewMemory,
  now: number,
): { view: SwarmView; memory: ViewMemory } {
  const { info, version } = snapshot;
  const nodes = snapshot.nodes
    .map((node) => nodeView(node, info.Swarm.NodeID, info.Swarm.NodeAddr))
    .map((node) => keepEqual(memory.nodes.get(node.id), node))
    .sort(nodeOrder(options.hat));
  const down = downNodes(nodes);
  const remembered = rememberTasks(snapshot, down, memory.tasks);
  const tasks = [...remembered.values()].map(({ view }) => view);
  const byService = groupByService(tasks);
  const convergence = new Map<string, ConvergenceMemory>();
  const services = snapshot.services
    .map((service) => {
      const own = byService.get(service.ID) ?? [];
      const before = memory.convergence.get(service.ID);
      const made = serviceView(service, own, down, options.echoService, before, now);
      convergence.set(service.ID, made.memory);
      return keepEqual(memory.services.get(service.ID), made.view);
    })
    .sort((a, b) => Number(b.echo) - Number(a.echo) || naturalOrder(a.name, b.name));

  return {
    view: {
      engine: {
        nodeId: info.Swarm.NodeID,
        name: info.Name,
        version: version.Version,
        apiVersion: version.ApiVersion,
        demo: info.Labels.includes(DEMO_LABEL),
      },
      hat: [...options.hat],
      nodes,
      services,
      tasks: tasks.sort(taskOrder(snapshot.services)),
    },
    memory: {
      convergence,
      nodes: new Map(nodes.map((node) => [node.id, node])),
      services: new Map(services.map((service) => [service.id, service])),
      tasks: remembered,
    },
  };
}

/** The old object when the new one says the same. */
function keepEqual<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

/** Each task's view, made anew only where the task or what its view depends on has changed. */
function rememberTasks(
  { services, tasks }: Snapshot,
  down: ReadonlySet<string>,
  before: ReadonlyMap<string, RememberedTask>,
): Map<string, RememberedTask> {
  const templates = new Map(
    services.map((service) => [
      service.ID,
      { name: service.Spec.Name, spec: specText(service.Spec.TaskTemplate) },
    ]),
  );
  const made = new Map<string, RememberedTask>();
  for (const task of tasks) {
    const service = templates.get(task.ServiceID);
    if (!service) continue;
    const isDown = down.has(task.NodeID ?? '');
    const context = `${service.name} ${isDown} ${service.spec}`;
    const version = task.Version.Index;
    const known = before.get(task.ID);
    const same = known?.version === version && known.context === context;
    const view = same ? known.view : taskView(task, service.name, isDown, service.spec);
    made.set(task.ID, { version, context, view });
  }
  return made;
}

function groupByService(tasks: TaskView[]): Map<string, TaskView[]> {
  const groups = new Map<string, TaskView[]>();
  for (const task of tasks) {
    const group = groups.get(task.serviceId);
    if (group) group.push(task);
    else groups.set(task.serviceId, [task]);
  }
  return groups;
}

/** The HAT's places in their order, then by natural order of the name. */
function nodeOrder(hat: readonly string[]): (a: NodeView, b: NodeView) => number {
  const place = (node: NodeView) => {
    const index = hat.indexOf(node.name);
    return index < 0 ? hat.length : index;
  };
  return (a, b) => place(a) - place(b) || naturalOrder(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** By service name, slot (or node), newest first; names are compared once and not for each task. */
function taskOrder(services: readonly EngineService[]): (a: TaskView, b: TaskView) => number {
  const ranks = new Map(
    services
      .toSorted((a, b) => naturalOrder(a.Spec.Name, b.Spec.Name))
      .map((service, rank) => [service.ID, rank]),
  );
  const rank = (task: TaskView) => ranks.get(task.serviceId) ?? 0;
  const text = (a: string, b: string) => (a === b ? 0 : a < b ? -1 : 1);
  return (a, b) =>
    rank(a) - rank(b) ||
    (a.slot ?? 0) - (b.slot ?? 0) ||
    text(a.slot === null ? a.name : '', b.slot === null ? b.name : '') ||
    b.createdAt - a.createdAt ||
    text(a.id, b.id);
}

/** `0.0.0.0`, loopback and the like name no machine that others could dial. */
function dialable(address: string): string | null {
  const bare = address.replace(/^\[|\]$/g, '');
  if (bare === '' || bare === '::' || bare === '::1' || bare === '0.0.0.0') return null;
  return bare;
}

function nodeAddress(node: EngineNode, here: boolean, ownAddress: string): string | null {
  // A manager's Status.Addr can be 0.0.0.0 or 127.0.0.1: its ManagerStatus.Addr (host:port) is the one others use.
  const manager = node.ManagerStatus?.Addr.replace(/:\d+$/, '') ?? '';
  const candidates = [manager, here ? ownAddress : '', node.Status.Addr];
  return candidates.map(dialable).find((address) => address !== null) ?? null;
}

function nodeView(node: EngineNode, hereId: string, ownAddress: string): NodeView {
  const description = node.Description;
  return {
    id: node.ID,
    name: description?.Hostname || node.ID.slice(0, 12),
    role: node.Spec.Role,
    leader: node.ManagerStatus?.Leader ?? false,
    reachability: node.ManagerStatus?.Reachability || null,
    availability: node.Spec.Availability,
    state: node.Status.State,
    message: node.Status.Message,
    address: nodeAddress(node, node.ID === hereId, ownAddress),
    arch: description?.Platform?.Architecture ?? '',
    os: description?.Platform?.OS ?? '',
    cpus: (description?.Resources?.NanoCPUs ?? 0) / 1e9,
    memoryBytes: description?.Resources?.MemoryBytes ?? 0,
    engineVersion: description?.Engine?.EngineVersion ?? '',
    here: node.ID === hereId,
  };
}

/** An image's name without the digest that swarm pins it to. */
function withoutDigest(image: string): string {
  return image.replace(/@sha256:[0-9a-f]+$/, '');
}

function taskView(
  task: EngineTask,
  serviceName: string,
  onDownNode: boolean,
  template: string,
): TaskView {
  const { Status: status } = task;
  const nodeId = task.NodeID || null;
  const slot = task.Slot && task.Slot > 0 ? task.Slot : null;
  const exitCode = status.ContainerStatus?.ExitCode ?? null;
  const ended = stateRank(status.State) > stateRank('running');
  const error = status.Err;
  return {
    id: task.ID,
    serviceId: task.ServiceID,
    name: `${serviceName}.${slot ?? nodeId ?? task.ID}`,
    slot,
    nodeId,
    desired: task.DesiredState,
    state: status.State,
    stateAt: status.Timestamp,
    createdAt: task.CreatedAt,
    error,
    hint: hintFor({ state: status.State, error, exitCode: ended ? exitCode : null }),
    exitCode: ended ? exitCode : null,
    container: status.ContainerStatus?.ContainerID?.slice(0, 12) || null,
    image: withoutDigest(task.Spec.ContainerSpec?.Image ?? ''),
    counts:
      status.State === 'running' &&
      stateRank(task.DesiredState) <= stateRank('running') &&
      !onDownNode,
    lost: onDownNode && !ended,
    upToDate: specText(task.Spec) === template,
  };
}

/**
 * A task spec as text to compare: moby marshals a service's template and its tasks' specs from the
 * same Go struct, so equal ones are equal text, but for Runtime, which it fills in for services only.
 */
function specText(spec: Record<string, unknown>): string {
  return JSON.stringify({ ...spec, Runtime: undefined });
}

function modeOf(mode: EngineService['Spec']['Mode']): ServiceView['mode'] {
  if (mode.Global) return 'global';
  if (mode.ReplicatedJob) return 'replicated-job';
  if (mode.GlobalJob) return 'global-job';
  return 'replicated';
}

function portsOf(service: EngineService): PortView[] {
  return (service.Endpoint?.Ports ?? []).map((port) => ({
    published: port.PublishedPort ?? null,
    target: port.TargetPort,
    protocol: port.Protocol,
    mode: port.PublishMode,
  }));
}

function serviceView(
  service: EngineService,
  tasks: TaskView[],
  down: Set<string>,
  echoService: string,
  before: ConvergenceMemory | undefined,
  now: number,
): { view: ServiceView; memory: ConvergenceMemory } {
  const { Spec: spec } = service;
  const mode = modeOf(spec.Mode);
  const replicas = mode === 'replicated' ? (spec.Mode.Replicated?.Replicas ?? 1) : null;
  const echo = spec.Name === echoService;
  const current = [
    ...tasksBySlot(
      tasks.filter((task) => task.upToDate),
      down,
    ).values(),
  ];
  const upToDateRunning = current.filter((task) => task.counts).length;
  const staying = current.filter((task) => stateRank(task.desired) <= stateRank('running')).length;
  const total = replicas ?? spec.Mode.ReplicatedJob?.TotalCompletions ?? staying;
  const updateStatus = service.UpdateStatus;
  const update = updateStatus?.State
    ? { state: updateStatus.State, message: updateStatus.Message }
    : null;
  const monitorNs = spec.UpdateConfig?.Monitor;
  const { memory, convergence } = stepConvergence(
    before,
    {
      version: service.Version.Index,
      running: upToDateRunning,
      total,
      monitorMs: monitorNs ? monitorNs / 1e6 : DEFAULT_MONITOR_MS,
      update,
    },
    now,
  );
  return {
    memory,
    view: {
      id: service.ID,
      name: spec.Name,
      mode,
      replicas,
      running: tasks.filter((task) => task.counts).length,
      wanted: total,
      image: withoutDigest(spec.TaskTemplate.ContainerSpec?.Image ?? ''),
      ports: portsOf(service),
      maxPerNode: spec.TaskTemplate.Placement?.MaxReplicas || null,
      hostname: spec.TaskTemplate.ContainerSpec?.Hostname || null,
      echo,
      curl: echo || spec.Labels[CURL_LABEL] === 'true',
      update,
      convergence,
      createdAt: service.CreatedAt,
      updatedAt: service.UpdatedAt,
    },
  };
}
