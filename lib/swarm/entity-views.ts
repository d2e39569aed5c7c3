import {
  clientNamesService,
  DEFAULT_MONITOR_MS,
  stepConvergence,
  tasksBySlot,
  type ConvergenceMemory,
} from './convergence';
import type { EngineNode, EngineService, EngineTask } from './engine-json';
import { satisfies } from './placement/constraints';
import { hintWithActions } from './hints/hints';
import { jobConvergence, jobProgress, type JobProgress } from './job-progress';
import {
  imagePlatforms,
  nodePlatforms,
  platformLimit,
  type NodePlatform,
} from './placement/platforms';
import { isCountUnknown } from './replicas';
import { hasEnded, holdsSlot, taskPhase } from './task-phase';
import type { Hint } from './hints/waiting-reasons';
import type { ServiceMark } from './badges';
import type { Convergence, HostPort, NodeView, PortView, ServiceView, TaskView } from './view';
import { oneLine } from './words';

/** Label on a service other than the echo service that lets the curl panel dial its ports. */
const CURL_LABEL = 'clusterhat.curl';
/** `0.0.0.0`, `::` and `::1` name no machine that others could dial; 127.x can be a node of the demo. */
function dialable(address: string): string | null {
  const bare = address.replace(/^\[|\]$/g, '');
  if (bare === '' || bare === '::' || bare === '::1' || bare === '0.0.0.0') return null;
  return bare;
}

/** The addresses of a node, that which others use first. */
function nodeAddresses(node: EngineNode, here: boolean, ownAddress: string): string[] {
  // A manager's Status.Addr can be 0.0.0.0 or 127.0.0.1: its ManagerStatus.Addr (host:port) is the one others use.
  const manager = node.ManagerStatus?.Addr.replace(/:\d+$/, '') ?? '';
  const candidates = [manager, here ? ownAddress : '', node.Status.Addr];
  return [...new Set(candidates.flatMap((address) => dialable(address) ?? []))];
}

/** The view of a node by itself. `hereId` and `ownAddress` are those of the engine that answered. */
export function nodeView(
  node: EngineNode,
  hereId: string,
  ownAddress: string,
  stateSince: number,
): Omit<NodeView, 'name' | 'place' | 'clock' | 'listed' | 'idle' | 'avoided'> {
  const description = node.Description;
  const [address = null, ...otherAddresses] = nodeAddresses(node, node.ID === hereId, ownAddress);
  return {
    id: node.ID,
    hostname: description?.Hostname ?? '',
    role: node.ManagerStatus ? 'manager' : node.Spec.Role,
    leader: node.ManagerStatus?.Leader ?? false,
    reachability: node.ManagerStatus?.Reachability || null,
    availability: node.Spec.Availability,
    state: node.Status.State,
    stateSince,
    message: node.Status.Message,
    address,
    otherAddresses,
    arch: description?.Platform?.Architecture ?? '',
    os: description?.Platform?.OS ?? '',
    cpus: (description?.Resources?.NanoCPUs ?? 0) / 1e9,
    memoryBytes: description?.Resources?.MemoryBytes ?? 0,
    engineVersion: description?.Engine?.EngineVersion ?? '',
    here: node.ID === hereId,
    version: node.Version.Index,
  };
}

/** Longest reference of an image that is shown (characters). */
const LONGEST_IMAGE = 500;

/**
 * An image's name without the digest that swarm pins it to, and without Docker Hub's own names in front (docker/cli
 * service/formatter.go, `Image`).
 */
export function withoutDigest(image: string): string {
  const name = image
    .replace(/@sha256:[0-9a-f]+$/, '')
    .replace(/^(index\.)?docker\.io\/(library\/(?=[^/]+$))?(?=.)/, '');
  return oneLine(name, LONGEST_IMAGE);
}

/** What a task's view depends on in addition to the task. */
export interface TaskContext {
  serviceName: string;
  /** Its service numbers its slots: a replicated service or job. */
  numbered: boolean;
  onDownNode: boolean;
  /** Follows its service's present spec. */
  upToDate: boolean;
  /** Its service has a definition before the present one. */
  canRollBack: boolean;
  /** Its service is there, and no job. */
  keepsRunning: boolean;
  isJob: boolean;
  hardware: Hardware;
  /** Why it waits, as `HintInput` has it. */
  waiting?: Hint | null | undefined;
}

/** What the nodes are, for the hints on platforms. */
export interface Hardware {
  /** By id. */
  all: ReadonlyMap<string, NodePlatform>;
  /** Those that take tasks. */
  open: readonly NodePlatform[];
}

/** The part of a task's view that depends on the views before it. */
export type TaskHistory = Pick<
  TaskView,
  'stateAt' | 'createdAt' | 'seenAt' | 'ranAt' | 'nextTaskId'
>;

/** A task as the board shows it, without its history. */
export function taskView(
  task: EngineTask,
  {
    serviceName,
    numbered,
    onDownNode,
    upToDate,
    canRollBack,
    keepsRunning,
    isJob,
    hardware,
    waiting,
  }: TaskContext,
): Omit<TaskView, keyof TaskHistory> {
  const { Status: status } = task;
  const nodeId = task.NodeID || null;
  // A replicated job's slots start at 0, which Go's `omitempty` leaves out.
  const slot = numbered ? (task.Slot ?? 0) : null;
  const phase = taskPhase({ state: status.State, desired: task.DesiredState, onDownNode });
  const exitCode = hasEnded(phase) ? (status.ContainerStatus?.ExitCode ?? null) : null;
  const error = status.Err;
  const input = {
    state: status.State,
    error,
    exitCode,
    keepsRunning,
    isJob,
    node: hardware.all.get(nodeId ?? '') ?? null,
    platforms: { image: imagePlatforms(task.Spec), nodes: hardware.open },
    waiting,
  };
  const { hint, actions } = hintWithActions(input, nodeId, canRollBack && upToDate);
  return {
    id: task.ID,
    serviceId: task.ServiceID,
    // By swarmkit's `naming.Task`, as docker's client prints it: slot 0 has the node's id.
    name: `${serviceName}.${slot || nodeId || task.ID}`,
    slot,
    nodeId,
    phase,
    desired: task.DesiredState,
    state: status.State,
    error,
    hint: hint?.text ?? null,
    help: hint?.help ?? null,
    actions: [...actions],
    exitCode,
    container: status.ContainerStatus?.ContainerID?.slice(0, 12) || null,
    hostPorts: hasEnded(phase) ? [] : hostPortsOf(task),
    image: withoutDigest(task.Spec.ContainerSpec?.Image ?? ''),
    upToDate,
  };
}

/** Most ports of a task that are shown. */
const MAX_HOST_PORTS = 100;

/** Each port once: engines list it for IPv4 and for IPv6. */
function hostPortsOf({ Status: { PortStatus } }: EngineTask): HostPort[] {
  const ports = new Map<string, HostPort>();
  for (const { Protocol: protocol, TargetPort: target, PublishedPort } of PortStatus?.Ports ?? []) {
    if (!PublishedPort || ports.size >= MAX_HOST_PORTS) continue;
    const port = { published: PublishedPort, target, protocol };
    ports.set(`${protocol} ${target} ${PublishedPort}`, port);
  }
  return [...ports.values()];
}

function modeOf(mode: EngineService['Spec']['Mode']): ServiceView['mode'] {
  if (mode.Global) return 'global';
  if (mode.ReplicatedJob) return 'replicated-job';
  if (mode.GlobalJob) return 'global-job';
  return mode.Replicated ? 'replicated' : 'unknown';
}

/** Null where the mode has no number, or the engine reports none. */
function replicasOf(mode: EngineService['Spec']['Mode']): number | null {
  const replicas = modeOf(mode) === 'replicated' ? mode.Replicated?.Replicas : null;
  return typeof replicas === 'number' ? replicas : null;
}

function portsOf(service: EngineService): PortView[] {
  return (service.Endpoint?.Ports ?? []).map((port) => ({
    published: port.PublishedPort || null,
    target: port.TargetPort,
    protocol: port.Protocol,
    mode: port.PublishMode,
  }));
}

/** `*:8888→8080/tcp` */
function portWords({ published, target, protocol, mode }: PortView): string {
  const container = `${target}/${protocol}`;
  if (published !== null)
    return `${mode === 'ingress' ? '*' : 'its node'}:${published}→${container}`;
  return mode === 'ingress' ? container : `${container} on host ports, chosen by the engine`;
}

/** A service as the panel shows it, with its progress towards the desired state. */
export function serviceView(
  service: EngineService,
  tasks: TaskView[],
  nodes: readonly EngineNode[],
  names: ReadonlyMap<string, string>,
  down: Set<string>,
  echoService: string,
  update: ServiceView['update'],
  before: ConvergenceMemory | undefined,
  clientVersion: string,
  now: number,
): {
  view: Omit<ServiceView, 'targets' | 'uneven' | keyof ServiceMark>;
  memory: ConvergenceMemory;
} {
  const { Spec: spec } = service;
  const mode = modeOf(spec.Mode);
  const replicas = replicasOf(spec.Mode);
  const echo = spec.Name === echoService;
  const upToDate = tasks.filter((task) => task.upToDate);
  const job = jobProgress(spec.Mode, upToDate);
  const current = [...tasksBySlot(upToDate, down).values()];
  const upToDateRunning = current.filter(({ phase }) => phase === 'running').length;
  const staying = current.filter(({ phase }) => holdsSlot(phase)).length;
  const total = replicas ?? staying;
  const image = withoutDigest(spec.TaskTemplate.ContainerSpec?.Image ?? '');
  const ports = portsOf(service);
  const monitorNs = spec.UpdateConfig?.Monitor;
  const { memory, convergence } = stepConvergence(
    before,
    {
      name: clientNamesService(clientVersion) ? spec.Name : null,
      version: service.Version.Index,
      isGlobal: mode === 'global',
      running: upToDateRunning,
      total,
      monitorMs: monitorNs ? monitorNs / 1e6 : DEFAULT_MONITOR_MS,
      update: update && {
        state: update.state,
        message: service.UpdateStatus?.Message ?? '',
        startedAt: service.UpdateStatus?.StartedAt ?? 0,
      },
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
      running: job?.running ?? tasks.filter(({ phase }) => phase === 'running').length,
      wanted: job?.wanted ?? replicas ?? heldSlots(tasks),
      job: job && { completed: job.completed, total: job.total },
      listed: true,
      image,
      ports,
      summary: [image, ...ports.map(portWords)].filter((part) => part !== '').join(' · '),
      maxPerNode: spec.TaskTemplate.Placement?.MaxReplicas || null,
      hostname: spec.TaskTemplate.ContainerSpec?.Hostname || null,
      echo,
      curl: echo || spec.Labels[CURL_LABEL] === 'true',
      update,
      convergence: convergenceOf(mode, replicas, job, convergence),
      platformLimit: platformLimitOf(spec.TaskTemplate, nodes, names),
      version: service.Version.Index,
      hasPrevious: Boolean(service.PreviousSpec),
    },
  };
}

/** Docker's client has no progress for a service without a number of replicas (`no replica count`). */
function convergenceOf(
  mode: ServiceView['mode'],
  replicas: number | null,
  job: JobProgress | null,
  convergence: Convergence,
): Convergence {
  if (job) return jobConvergence(job);
  if (!isCountUnknown({ mode, replicas })) return convergence;
  return {
    ...convergence,
    total: null,
    phase: 'unknown',
    phrase: 'The number of replicas is unknown.',
    verify: null,
  };
}

/** How many slots (of a global service, nodes) run a task or are about to, whichever version of the service it is of. */
function heldSlots(tasks: readonly TaskView[]): number {
  return new Set(
    tasks.flatMap(({ phase, slot, nodeId }) => (holdsSlot(phase) ? [slot ?? nodeId] : [])),
  ).size;
}

/** Of the nodes that could otherwise run the service, those that its image is not made for. */
function platformLimitOf(
  template: EngineTask['Spec'],
  nodes: readonly EngineNode[],
  names: ReadonlyMap<string, string>,
) {
  const image = imagePlatforms(template);
  if (image.length === 0) return null;
  const constraints = template.Placement?.Constraints ?? [];
  // Whether a node can run the image is unknown until it has reported its processor.
  const allowed = nodes.filter(
    (node) => node.Description?.Platform?.Architecture && satisfies(constraints, node),
  );
  return platformLimit({ image, nodes: nodePlatforms(allowed, names) });
}
