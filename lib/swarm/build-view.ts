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

/** What has to be kept between two views: by service id, how long it has held. */
export type ViewMemory = ReadonlyMap<string, ConvergenceMemory>;

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
  const nodes = orderNodes(
    snapshot.nodes.map((node) => nodeView(node, info.Swarm.NodeID, info.Swarm.NodeAddr)),
    options.hat,
  );
  const down = downNodes(nodes);
  const services = new Map(snapshot.services.map((service) => [service.ID, service]));
  const templates = new Map<string, string>();
  for (const service of snapshot.services) {
    templates.set(service.ID, specText(service.Spec.TaskTemplate));
  }
  const tasks = snapshot.tasks
    .filter((task) => services.has(task.ServiceID))
    .map((task) => {
      const name = services.get(task.ServiceID)?.Spec.Name ?? task.ServiceID;
      return taskView(task, name, down, templates.get(task.ServiceID) ?? '');
    })
    .sort(orderTasks);

  const byService = groupByService(tasks);
  const kept = new Map<string, ConvergenceMemory>();
  const serviceViews = snapshot.services.map((service) => {
    const own = byService.get(service.ID) ?? [];
    const made = serviceView(service, own, down, options.echoService, memory.get(service.ID), now);
    kept.set(service.ID, made.memory);
    return made.view;
  });
  serviceViews.sort((a, b) => Number(b.echo) - Number(a.echo) || naturalOrder(a.name, b.name));

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
      services: serviceViews,
      tasks,
    },
    memory: kept,
  };
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

function orderNodes(nodes: NodeView[], hat: readonly string[]): NodeView[] {
  const place = (node: NodeView) => {
    const index = hat.indexOf(node.name);
    return index < 0 ? hat.length : index;
  };
  return nodes.sort(
    (a, b) => place(a) - place(b) || naturalOrder(a.name, b.name) || (a.id < b.id ? -1 : 1),
  );
}

function orderTasks(a: TaskView, b: TaskView): number {
  return naturalOrder(a.name, b.name) || b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1);
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
  down: Set<string>,
  template: string,
): TaskView {
  const { Status: status } = task;
  const nodeId = task.NodeID || null;
  const onDownNode = nodeId !== null && down.has(nodeId);
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
