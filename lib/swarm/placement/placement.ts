import { parseConstraints, satisfiesOne, type Constraint } from './constraints';
import type { EngineNode, EngineService, EngineTask } from '../engine-json';
import { excludedNodes, imagePlatforms, nodePlatform, type NodePlatform } from './platforms';
import type { Snapshot } from '../snapshot';
import { mayRun, stateRank } from '../task-state';

/**
 * Which nodes a waiting task cannot go to, filter by filter, as swarm's scheduler decides it
 * (swarmkit manager/scheduler: `filter.go`, `nodeinfo.go`). Not seen here: volumes of CSI plugins, and
 * the ports of tasks whose service is gone.
 */

/** A node with what its tasks have taken of it. */
export interface NodeLoad {
  node: EngineNode;
  /** For sentences. */
  name: string;
  platform: NodePlatform;
  /** For commands: the name where docker's client finds one node by it, else the id. */
  ref: string;
  /** By resource: the free and the total amount. */
  free: Map<Resource, number>;
  total: Map<Resource, number>;
  /** By resource and service id: what is reserved. */
  reserved: Map<Resource, Map<string, number>>;
  /** By service id: how many of its tasks are meant to run. */
  active: Map<string, number>;
  /** By `tcp/8080`: the task that has the port in host mode. */
  ports: Map<string, EngineTask>;
}

/** `memory` (bytes), `cpu` (billionths), or `=KIND` for a generic resource. */
export type Resource = string;

/** The parts of a task that decide where it can go. */
export type Placeable = Pick<EngineTask, 'ServiceID' | 'Spec' | 'NetworksAttachments'>;

/** All nodes with their loads, and the services by id. */
export interface Cluster {
  loads: readonly NodeLoad[];
  services: ReadonlyMap<string, EngineService>;
}

/** Of one resource, what a task reserves and what a node has. */
export interface Shortage {
  resource: Resource;
  needs: number;
  free: number;
  total: number;
}

/** A plug-in that a node lacks. */
export interface MissingPlugin {
  type: 'Volume' | 'Network' | 'Log';
  name: string;
}

/** Why a node cannot take a task. In the order in which swarm applies its filters. */
export type Failure =
  | { filter: 'ready'; why: 'down' | 'unready' | 'drain' | 'pause' }
  | { filter: 'resources'; short: Shortage[] }
  | { filter: 'plugin'; missing: MissingPlugin[] }
  | { filter: 'constraints'; unmet: Constraint[] }
  | { filter: 'platform' }
  | { filter: 'host-port'; port: string; holder: EngineTask }
  | { filter: 'max-replicas'; limit: number };
export type FilterName = Failure['filter'];

/** The nodes as the scheduler counts them. `names`: how sentences call them, by id. */
export function clusterOf(
  { nodes, services, tasks }: Pick<Snapshot, 'nodes' | 'services' | 'tasks'>,
  names: ReadonlyMap<string, string>,
): Cluster {
  const byId = new Map(services.map((service) => [service.ID, service]));
  const hostnames = new Map<string, number>();
  for (const { Description } of nodes) add(hostnames, Description?.Hostname ?? '', 1);
  const loads = new Map(
    nodes.map((node) => {
      const total = new Map(amounts({ ...node.Description?.Resources }));
      const platform = nodePlatform(node, names);
      const load: NodeLoad = {
        node,
        name: platform.name,
        platform,
        ref: commandName(node, hostnames),
        free: new Map(total),
        total,
        reserved: new Map(),
        active: new Map(),
        ports: new Map(),
      };
      return [node.ID, load];
    }),
  );
  for (const task of tasks) {
    const load = loads.get(task.NodeID ?? '');
    if (load && isOnNode(task)) addTask(load, task, byId.get(task.ServiceID));
  }
  return { loads: [...loads.values()], services: byId };
}

/** docker's client refuses a hostname that two nodes have. */
function commandName(
  { ID, Description }: EngineNode,
  hostnames: ReadonlyMap<string, number>,
): string {
  const name = Description?.Hostname ?? '';
  return name !== '' && name.length <= 64 && hostnames.get(name) === 1 ? name : ID;
}

/** Holds resources and ports: assigned to its node and not ended, whether it is to stop or not. */
function isOnNode({ Status }: EngineTask): boolean {
  const rank = stateRank(Status.State);
  return rank >= stateRank('assigned') && rank <= stateRank('running');
}

function addTask(load: NodeLoad, task: EngineTask, service: EngineService | undefined): void {
  for (const [resource, amount] of amounts({ ...task.Spec.Resources?.Reservations })) {
    load.free.set(resource, (load.free.get(resource) ?? 0) - amount);
    add(mapIn(load.reserved, resource), task.ServiceID, amount);
  }
  for (const port of hostPorts(service)) load.ports.set(port, task);
  if (mayRun(task.DesiredState)) add(load.active, task.ServiceID, 1);
}

const add = (counts: Map<string, number>, key: string, amount: number) =>
  counts.set(key, (counts.get(key) ?? 0) + amount);

function mapIn(maps: Map<string, Map<string, number>>, key: string): Map<string, number> {
  const found = maps.get(key) ?? new Map<string, number>();
  maps.set(key, found);
  return found;
}

type Reservations = NonNullable<NonNullable<EngineTask['Spec']['Resources']>['Reservations']>;

/** What is reserved, or what a node has, of each resource. */
export function amounts({ NanoCPUs, MemoryBytes, GenericResources }: Partial<Reservations>) {
  const all = new Map<Resource, number>();
  if (MemoryBytes) all.set('memory', MemoryBytes);
  if (NanoCPUs) all.set('cpu', NanoCPUs);
  for (const { DiscreteResourceSpec, NamedResourceSpec } of GenericResources ?? []) {
    if (DiscreteResourceSpec) add(all, `=${DiscreteResourceSpec.Kind}`, DiscreteResourceSpec.Value);
    if (NamedResourceSpec) add(all, `=${NamedResourceSpec.Kind}`, 1);
  }
  return [...all];
}

/** The ports that a service's tasks need on their own node, as `tcp/8080`. */
function hostPorts(service: EngineService | undefined): string[] {
  return (service?.Endpoint?.Ports ?? []).flatMap(({ PublishMode, PublishedPort, Protocol }) =>
    PublishMode === 'host' && PublishedPort ? [`${Protocol}/${PublishedPort}`] : [],
  );
}

/** Everything that keeps the task off the node, in swarm's order; empty when it fits. */
export function failuresOf(task: Placeable, load: NodeLoad, cluster: Cluster): Failure[] {
  const { node } = load;
  const service = cluster.services.get(task.ServiceID);
  const { Placement } = task.Spec;
  const found: Failure[] = [];

  const why = closedBecause(node);
  if (why) found.push({ filter: 'ready', why });

  const short = amounts({ ...task.Spec.Resources?.Reservations }).flatMap(([resource, needs]) => {
    const free = load.free.get(resource) ?? 0;
    return needs > free ? [{ resource, needs, free, total: load.total.get(resource) ?? 0 }] : [];
  });
  if (short.length > 0) found.push({ filter: 'resources', short });

  const missing = missingPlugins(task, node);
  if (missing.length > 0) found.push({ filter: 'plugin', missing });

  const constraints = parseConstraints(Placement?.Constraints ?? []) ?? [];
  const unmet = constraints.filter((one) => one.kind !== 'unreadable' && !satisfiesOne(one, node));
  if (unmet.length > 0) found.push({ filter: 'constraints', unmet });

  const image = imagePlatforms(task.Spec);
  if (excludedNodes({ image, nodes: [load.platform] }).length > 0) {
    found.push({ filter: 'platform' });
  }

  const port = hostPorts(service).find((one) => load.ports.has(one));
  const holder = load.ports.get(port ?? '');
  if (port !== undefined && holder) found.push({ filter: 'host-port', port, holder });

  const limit = Placement?.MaxReplicas ?? 0;
  if (limit > 0 && (load.active.get(task.ServiceID) ?? 0) >= limit) {
    found.push({ filter: 'max-replicas', limit });
  }
  return found;
}

/** Why a node takes no new tasks at all. */
function closedBecause({ Status, Spec }: EngineNode) {
  if (Status.State === 'down') return 'down';
  if (Status.State !== 'ready') return 'unready';
  return Spec.Availability === 'drain' || Spec.Availability === 'pause' ? Spec.Availability : null;
}

function missingPlugins(task: Placeable, { Description }: EngineNode): MissingPlugin[] {
  const plugins = Description?.Engine?.Plugins;
  if (!plugins) return [];
  const has = ({ type, name }: MissingPlugin) =>
    plugins.some(
      (one) => one.Type === type && (one.Name === name || one.Name === `${name}:latest`),
    );
  const needed: MissingPlugin[] = [];
  for (const { Type, VolumeOptions } of task.Spec.ContainerSpec?.Mounts ?? []) {
    const name = VolumeOptions?.DriverConfig?.Name ?? '';
    if (Type === 'volume' && name !== '' && name !== 'local') needed.push({ type: 'Volume', name });
  }
  for (const name of task.NetworksAttachments ?? []) needed.push({ type: 'Network', name });
  const log = task.Spec.LogDriver?.Name ?? '';
  // Engines that list no log drivers at all are too old to list them.
  if (log !== '' && log !== 'none' && plugins.some(({ Type }) => Type === 'Log')) {
    needed.push({ type: 'Log', name: log });
  }
  const lacking = needed.filter((one) => !has(one));
  return lacking.filter(
    (one, at) =>
      lacking.findIndex(({ type, name }) => type === one.type && name === one.name) === at,
  );
}
