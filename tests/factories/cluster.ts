import type { EngineNode, EngineService, EngineTask } from '@/lib/swarm/engine-json';
import { clusterOf, type Cluster } from '@/lib/swarm/placement/placement';

/** A ClusterHAT's nodes, services and tasks as the engine lists them, for tests of placement. */

const MIB = 2 ** 20;

type NodeOver = Partial<Omit<EngineNode, 'Spec' | 'Description' | 'Status'>> & {
  Spec?: Partial<EngineNode['Spec']>;
  Description?: Partial<NonNullable<EngineNode['Description']>>;
  Status?: Partial<EngineNode['Status']>;
};

/** A ready node with the id `id-NAME`: `ctrl` is the leading manager with 926 MiB, every other a worker with 427. */
export function aSwarmNode(name: string, over: NodeOver = {}): EngineNode {
  const manager = name === 'ctrl';
  const { Spec, Description, Status, ...rest } = over;
  return {
    ID: `id-${name}`,
    Version: { Index: 1 },
    CreatedAt: 0,
    UpdatedAt: 0,
    Spec: { Labels: {}, Role: manager ? 'manager' : 'worker', Availability: 'active', ...Spec },
    Description: {
      Hostname: name,
      Platform: { Architecture: manager ? 'armv7l' : 'armv6l', OS: 'linux' },
      Resources: {
        NanoCPUs: manager ? 4e9 : 1e9,
        MemoryBytes: (manager ? 926 : 427) * MIB,
        GenericResources: undefined,
      },
      Engine: {
        EngineVersion: '28.5.2',
        Labels: undefined,
        Plugins: [
          { Type: 'Network', Name: 'overlay' },
          { Type: 'Volume', Name: 'local' },
          { Type: 'Log', Name: 'json-file' },
        ],
      },
      ...Description,
    },
    Status: {
      State: 'ready',
      Message: '',
      Addr: manager ? '172.19.181.254' : '172.19.181.1',
      ...Status,
    },
    ...(manager && {
      ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '172.19.181.254:2377' },
    }),
    ...rest,
  };
}

/** The five nodes of a HAT; `over` changes some by name. */
export function hatNodes(over: Record<string, NodeOver> = {}): EngineNode[] {
  return ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'].map((name) => aSwarmNode(name, over[name]));
}

type TaskSpec = EngineTask['Spec'];

/** A replicated service with the id `id-NAME`; `hostPort` is published in host mode. */
export function aSwarmService(
  name: string,
  spec: TaskSpec = {},
  { hostPort, ...over }: Partial<EngineService> & { hostPort?: number } = {},
): EngineService {
  return {
    ID: `id-${name}`,
    Version: { Index: 1 },
    CreatedAt: 0,
    UpdatedAt: 0,
    Spec: {
      Name: name,
      Labels: {},
      TaskTemplate: spec,
      Mode: { Replicated: { Replicas: 1 } },
    },
    Endpoint: {
      Ports:
        hostPort === undefined
          ? []
          : [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: hostPort, PublishMode: 'host' }],
    },
    ...over,
  };
}

/** A task of a service; on a node it runs, without one it waits with `reason`. */
export function aSwarmTask(
  service: EngineService,
  { node, reason = '', ...over }: Partial<EngineTask> & { node?: string; reason?: string } = {},
): EngineTask {
  const slot = over.Slot ?? 1;
  return {
    ID: `${service.Spec.Name}-${slot}`,
    Version: { Index: 1 },
    CreatedAt: 0,
    UpdatedAt: 0,
    ServiceID: service.ID,
    Slot: slot,
    ...(node !== undefined && { NodeID: `id-${node}` }),
    Spec: service.Spec.TaskTemplate,
    Status: {
      Timestamp: 0,
      State: node === undefined ? 'pending' : 'running',
      Message: '',
      Err: reason,
    },
    DesiredState: 'running',
    ...over,
  };
}

/** The nodes with the load of these tasks. */
export function aCluster(
  nodes: EngineNode[],
  services: EngineService[],
  tasks: EngineTask[] = [],
): Cluster {
  return clusterOf({ nodes, services, tasks }, hostnames(nodes));
}

/** The nodes' hostnames by id. */
export function hostnames(nodes: readonly EngineNode[]): Map<string, string> {
  return new Map(nodes.map(({ ID, Description }) => [ID, Description?.Hostname ?? '']));
}

/** A reservation of memory in MiB and of CPUs. */
export function reserving(mib: number, cpus = 0): TaskSpec {
  return {
    Resources: {
      Reservations: {
        NanoCPUs: cpus * 1e9,
        MemoryBytes: mib * MIB,
        GenericResources: undefined,
      },
    },
  };
}

/** Placement constraints. */
export function constrained(...constraints: string[]): TaskSpec {
  return { Placement: { Constraints: constraints } };
}
