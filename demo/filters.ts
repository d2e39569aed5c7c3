import { nodeMatches } from './constraints';
import { isOnNode, isWanted } from './orchestrator/tasks';
import type { NodeRecord, TaskRecord } from './store';
import type { DemoPlatform } from './types';

/** A node's load, as the scheduler counts it. */
export class NodeInfo {
  /** Number of tasks that are meant to run. */
  active = 0;
  private readonly byService = new Map<string, number>();
  private cpu: number;
  private memory: number;
  private readonly hostPorts = new Set<string>();

  constructor(readonly node: NodeRecord) {
    this.cpu = node.api.Description.Resources.NanoCPUs;
    this.memory = node.api.Description.Resources.MemoryBytes;
  }

  /** Counts a task that is assigned and has not ended. */
  add(task: TaskRecord): void {
    if (!isOnNode(task)) return;
    const { api } = task;
    const reserved = api.Spec.Resources?.Reservations;
    this.cpu -= reserved?.NanoCPUs ?? 0;
    this.memory -= reserved?.MemoryBytes ?? 0;
    for (const port of hostPorts(task)) this.hostPorts.add(port);
    if (!isWanted(task)) return;
    this.active += 1;
    this.byService.set(api.ServiceID, (this.byService.get(api.ServiceID) ?? 0) + 1);
  }

  ofService(task: TaskRecord): number {
    return this.byService.get(task.api.ServiceID) ?? 0;
  }

  hasRoom(task: TaskRecord): boolean {
    const reserved = task.api.Spec.Resources?.Reservations;
    // No node of the demo has generic resources.
    if ((reserved?.GenericResources?.length ?? 0) > 0) return false;
    return (reserved?.NanoCPUs ?? 0) <= this.cpu && (reserved?.MemoryBytes ?? 0) <= this.memory;
  }

  hasPorts(task: TaskRecord): boolean {
    return hostPorts(task).every((port) => !this.hostPorts.has(port));
  }
}

interface Filter {
  applies(task: TaskRecord): boolean;
  passes(task: TaskRecord, load: NodeInfo): boolean;
  explain(nodes: number): string;
}

const on = (nodes: number) => (nodes === 1 ? 'on 1 node' : `on ${nodes} nodes`);

/** In swarm's order: only a node's first failing filter counts. */
const FILTERS: readonly Filter[] = [
  {
    applies: () => true,
    passes: (_, { node }) =>
      node.api.Status.State === 'ready' && node.api.Spec.Availability === 'active',
    explain: (nodes) => `${nodes === 1 ? '1 node' : `${nodes} nodes`} not available for new tasks`,
  },
  {
    applies: ({ api }) => {
      const reserved = api.Spec.Resources?.Reservations;
      const generic = reserved?.GenericResources?.length ?? 0;
      return (reserved?.NanoCPUs ?? 0) > 0 || (reserved?.MemoryBytes ?? 0) > 0 || generic > 0;
    },
    passes: (task, load) => load.hasRoom(task),
    explain: (nodes) => `insufficient resources ${on(nodes)}`,
  },
  {
    applies: (task) => pluginsOf(task).length > 0,
    passes: (task, { node }) =>
      pluginsOf(task).every(({ Type, Name }) =>
        node.api.Description.Engine.Plugins.some(
          (one) => one.Type === Type && (one.Name === Name || one.Name === `${Name}:latest`),
        ),
      ),
    explain: (nodes) => `missing plugin ${on(nodes)}`,
  },
  {
    applies: ({ api }) => (api.Spec.Placement?.Constraints?.length ?? 0) > 0,
    passes: ({ api }, { node }) => nodeMatches(api.Spec.Placement?.Constraints, node.api),
    explain: (nodes) => `scheduling constraints not satisfied ${on(nodes)}`,
  },
  {
    applies: ({ api }) => (api.Spec.Placement?.Platforms?.length ?? 0) > 0,
    passes: ({ api }, { node }) =>
      (api.Spec.Placement?.Platforms ?? []).some((platform) =>
        platformFits(platform, node.api.Description.Platform),
      ),
    explain: (nodes) => `unsupported platform ${on(nodes)}`,
  },
  {
    applies: (task) => hostPorts(task).length > 0,
    passes: (task, load) => load.hasPorts(task),
    explain: (nodes) => `host-mode port already in use ${on(nodes)}`,
  },
  {
    applies: ({ api }) => (api.Spec.Placement?.MaxReplicas ?? 0) > 0,
    passes: (task, load) => load.ofService(task) < (task.api.Spec.Placement?.MaxReplicas ?? 0),
    explain: () => 'max replicas per node limit exceed',
  },
];

/** The plug-ins that the task's node has to have; `local` volumes and a log driver `none` need none. */
function pluginsOf({ api }: TaskRecord): { Type: string; Name: string }[] {
  const { ContainerSpec, LogDriver } = api.Spec;
  const needed = [
    ...(ContainerSpec.Mounts ?? [])
      .filter(({ Type }) => Type === 'volume')
      .map(({ VolumeOptions }) => ({
        Type: 'Volume',
        Name: VolumeOptions?.DriverConfig?.Name ?? 'local',
      })),
    ...(api.NetworksAttachments ?? []).map(({ Network }) => ({
      Type: 'Network',
      Name: Network.DriverState.Name,
    })),
    { Type: 'Log', Name: LogDriver?.Name ?? 'none' },
  ];
  return needed.filter(({ Name }) => Name !== '' && Name !== 'local' && Name !== 'none');
}

/** Applies the filters to nodes for one task and counts the failures. */
export class Pipeline {
  private readonly enabled: Filter[];
  private readonly failed = new Map<Filter, number>();

  constructor(private readonly task: TaskRecord) {
    this.enabled = FILTERS.filter((filter) => filter.applies(task));
  }

  passes(load: NodeInfo): boolean {
    const failing = this.enabled.find((filter) => !filter.passes(this.task, load));
    if (!failing) return true;
    this.failed.set(failing, (this.failed.get(failing) ?? 0) + 1);
    return false;
  }

  /** Swarm's message about the failures, those on most nodes first; empty if there were none. */
  explain(): string {
    return [...this.failed]
      .sort(([, a], [, b]) => b - a)
      .map(([filter, nodes]) => filter.explain(nodes))
      .join('; ');
  }
}

const SAME_ARCHITECTURE: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };

function platformFits(wanted: DemoPlatform, actual: { Architecture: string; OS: string }): boolean {
  const normal = (name: string) => SAME_ARCHITECTURE[name] ?? name;
  const { Architecture = '', OS = '' } = wanted;
  const archFits = Architecture === '' || normal(Architecture) === normal(actual.Architecture);
  return archFits && (OS === '' || OS === actual.OS);
}

function hostPorts(task: TaskRecord): string[] {
  return (task.endpointSpec?.Ports ?? [])
    .filter((port) => port.PublishMode === 'host' && port.PublishedPort)
    .map((port) => `${port.Protocol}/${port.PublishedPort}`);
}
