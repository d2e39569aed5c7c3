import { isDeepStrictEqual } from 'node:util';
import type { EngineRole } from '@/lib/demo-control';
import { Agent, type ContainerMove } from './agent';
import { Allocator } from './allocator';
import type { DemoClock } from './clock';
import { Chatter } from './chatter';
import { SwarmSettings } from './swarm-settings';
import { ContainerLogs } from './container-logs';
import { Dispatcher } from './dispatcher';
import { DemoEngineError, rpcProblem } from './errors';
import { EventLog } from './event-log';
import { Faults } from './faults';
import { type HatNode, nodeObject } from './hat';
import { ingressNetwork } from './ingress';
import { Managers } from './managers';
import { NamedData } from './named-data';
import { Networks } from './networks';
import { enforceConstraints } from './orchestrator/enforcer';
import { isJob, modeOf } from './mode';
import { GlobalOrchestrator } from './orchestrator/global';
import { JobOrchestrator } from './orchestrator/jobs';
import { TaskReaper } from './orchestrator/reaper';
import { ReplicatedOrchestrator } from './orchestrator/replicated';
import { RestartSupervisor } from './orchestrator/restart';
import { hasEnded } from './orchestrator/tasks';
import { UpdateSupervisor } from './orchestrator/updater';
import type { Random } from './random';
import { atLeast, compareVersions, NEWEST, type Release } from './release';
import { Scheduler } from './scheduler';
import { type NodeRecord, type ServiceRecord, Store, type TaskRecord } from './store';
import type { Network, NodeSpec, Port, ServiceSpec } from './types';

/** Age of the demo's swarm at its start, in ms. */
const AGE_MS = 3 * 24 * 60 * 60_000 + 4_000_000;

/** The whole demo swarm. The Engine API and the control endpoint give access to it. */
export class Swarm {
  readonly store: Store;
  readonly events: EventLog;
  readonly faults = new Faults();
  readonly ingress: Network;
  readonly networks: Networks;
  readonly secrets: NamedData;
  readonly configs: NamedData;
  readonly settings: SwarmSettings;
  readonly id: string;
  readonly createdAt: number;
  readonly allocator: Allocator;
  readonly logs: ContainerLogs;
  readonly chatter: Chatter;
  readonly managers: Managers;
  private readonly dispatcher: Dispatcher;
  /** They follow the store by themselves; this only keeps references to them. */
  private readonly loops: readonly object[];
  private readonly moveListeners = new Set<(move: ContainerMove) => void>();
  private readonly reachListeners = new Set<(nodeId: string, reachable: boolean) => void>();
  private readonly hardware = new Map<string, HatNode>();

  constructor(
    readonly clock: DemoClock,
    readonly random: Random,
    readonly release: Release = NEWEST,
  ) {
    this.createdAt = clock.now() - AGE_MS;
    this.store = new Store(clock, random, release);
    this.id = random.id();
    this.ingress = ingressNetwork(random, this.createdAt);
    this.networks = new Networks(random, this.ingress, () => this.store.stamp());
    this.secrets = new NamedData('secret', this.store);
    this.configs = new NamedData('config', this.store);
    this.settings = new SwarmSettings(this.store, this.ingress.CreatedAt);
    this.events = new EventLog(this.store);
    this.allocator = new Allocator(this.store, this.ingress);
    const restarts = new RestartSupervisor(this.store);
    const updates = new UpdateSupervisor(this.store, restarts);
    enforceConstraints(this.store);
    this.managers = new Managers(this.store, clock, () => this.here());
    this.dispatcher = new Dispatcher(
      this.store,
      (nodeId, reachable) => {
        this.managers.reached(nodeId, reachable);
        for (const listener of this.reachListeners) listener(nodeId, reachable);
      },
      () => this.managers.hasMajority,
    );
    this.logs = new ContainerLogs(this);
    this.chatter = new Chatter(this);
    this.loops = [
      new ReplicatedOrchestrator(this.store, restarts, updates),
      new GlobalOrchestrator(this.store, restarts, updates),
      new JobOrchestrator(this.store, restarts, { removesTasks: atLeast(release.api, '1.42') }),
      new Scheduler(this.store),
      new TaskReaper(this.store),
    ];
  }

  /** Subscribes to the changes of every container on any node. */
  onMove(listener: (move: ContainerMove) => void): void {
    this.moveListeners.add(listener);
  }

  /** Subscribes to nodes becoming unreachable (no power or no link) and reachable. */
  onReach(listener: (nodeId: string, reachable: boolean) => void): void {
    this.reachListeners.add(listener);
  }

  /** Adds a node. */
  join(hardware: HatNode, address: string): NodeRecord {
    const id = this.random.id();
    const agent = new Agent(this.store, this.faults, hardware, id, (move) => {
      if (id === this.here().api.ID) this.events.container(move);
      for (const listener of this.moveListeners) listener(move);
    });
    this.dispatcher.register(id, agent);
    this.hardware.set(id, hardware);
    // No node runs a newer engine than the manager.
    const newer = compareVersions(hardware.engineVersion, this.release.engine) > 0;
    const engineVersion = newer ? this.release.engine : hardware.engineVersion;
    return this.store.createNode(nodeObject({ ...hardware, engineVersion }, id, address));
  }

  /** What the engine of the API is in the swarm: a fault, or what became of the managers. */
  get role(): EngineRole {
    return this.faults.role === 'manager' ? this.managers.role : this.faults.role;
  }

  /** The node whose engine the API is: the first that joined. */
  here(): NodeRecord {
    for (const node of this.store.nodes.values()) return node;
    throw new Error('the demo swarm has no node');
  }

  hardwareOf(node: NodeRecord): HatNode | undefined {
    return this.hardware.get(node.api.ID);
  }

  agentOf(node: NodeRecord): Agent | undefined {
    return this.dispatcher.agentOf(node.api.ID);
  }

  node(text: string): NodeRecord {
    return find('node', text, this.store.nodes, (node) => node.api.Description.Hostname);
  }

  service(text: string): ServiceRecord {
    return find('service', text, this.store.services, (service) => service.api.Spec.Name);
  }

  task(text: string): TaskRecord {
    return find('task', text, this.store.tasks, (task) => this.taskName(task));
  }

  /** `goweb.1`, or `goweb.NODEID` for a global service's task. */
  taskName({ api, serviceName }: TaskRecord): string {
    return `${serviceName}.${api.Slot ?? api.NodeID}`;
  }

  createService(spec: ServiceSpec, registryAuth?: string): ServiceRecord {
    this.checkPorts(spec, undefined);
    this.secrets.check(spec);
    this.configs.check(spec);
    for (const { api } of this.store.services.values()) {
      if (api.Spec.Name.toLowerCase() !== spec.Name.toLowerCase()) continue;
      const text = `name conflicts with an existing object: service ${spec.Name} already exists`;
      throw rpcProblem('AlreadyExists', text);
    }
    const record = this.store.createService({
      ID: this.random.id(),
      Version: { Index: 0 },
      CreatedAt: '',
      UpdatedAt: '',
      Spec: spec,
      Endpoint: { Spec: {} },
      ...(isJob(spec)
        ? { JobStatus: { JobIteration: {}, LastExecution: this.store.stamp() } }
        : {}),
    });
    record.registryAuth = registryAuth;
    return record;
  }

  /** `registryAuth`: of the new spec; a rollback restores that of the previous one. */
  updateService(
    service: ServiceRecord,
    version: number,
    spec: ServiceSpec,
    rollback: boolean,
    registryAuth: string | undefined = service.registryAuth,
  ): void {
    const { api } = service;
    if (!isDeepStrictEqual(spec.EndpointSpec, api.Spec.EndpointSpec)) this.checkPorts(spec, api.ID);
    if (modeOf(spec) !== modeOf(api.Spec)) {
      throw rpcProblem('Unimplemented', 'service mode change is not allowed');
    }
    if (spec.Name !== api.Spec.Name) {
      throw rpcProblem('Unimplemented', 'renaming services is not supported');
    }
    if (rollback && !api.PreviousSpec) {
      throw rpcProblem('FailedPrecondition', `service ${api.ID} does not have a previous spec`);
    }
    this.secrets.check(spec);
    this.configs.check(spec);
    this.store.updateService(
      service,
      (now) => {
        const auth = rollback ? service.previousRegistryAuth : registryAuth;
        service.previousRegistryAuth = service.registryAuth;
        service.registryAuth = auth;
        const { Spec, PreviousSpec } = now;
        now.PreviousSpec = Spec;
        now.Spec = rollback ? (PreviousSpec ?? spec) : spec;
        if (!rollback) delete now.UpdateStatus;
        else {
          const StartedAt = this.store.stamp();
          const Message = 'manually requested rollback';
          now.UpdateStatus = { State: 'rollback_started', StartedAt, Message };
        }
        if (now.JobStatus) {
          // Every update starts a job again, even if nothing else changes.
          const Index = (now.JobStatus.JobIteration.Index ?? 0) + 1;
          now.JobStatus = { JobIteration: { Index }, LastExecution: this.store.stamp() };
        }
        const before = service.specVersion;
        service.specVersion = rollback ? service.previousSpecVersion : version;
        service.previousSpecVersion = before;
      },
      version,
    );
  }

  updateNode(node: NodeRecord, version: number, spec: NodeSpec): void {
    this.managers.check(node, spec.Role);
    this.store.updateNode(
      node,
      (api) => {
        api.Spec = spec;
      },
      version,
    );
    this.managers.changed(node);
  }

  removeNode(node: NodeRecord, force: boolean): void {
    const { ID, Spec, Status, ManagerStatus } = node.api;
    if (Spec.Role === 'manager' && ManagerStatus) {
      const text = `node ${ID} is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal`;
      throw rpcProblem('FailedPrecondition', text);
    }
    if (!force && Status.State === 'ready') {
      throw rpcProblem('FailedPrecondition', `node ${ID} is not down and can't be removed`);
    }
    this.agentOf(node)?.powerOff();
    this.dispatcher.forget(ID);
    for (const task of this.store.tasksOnNode(ID)) {
      if (hasEnded(task)) continue;
      this.store.updateTask(task, (api) => {
        api.Status = {
          Timestamp: this.store.stamp(),
          State: 'orphaned',
          Message: 'Task belonged to a node that has been deleted',
          PortStatus: {},
        };
      });
    }
    this.store.remove(node);
  }

  /** Turns a node's power off or on; it then boots for some seconds. */
  power(node: NodeRecord, on: boolean): void {
    if (on) return this.dispatcher.found(node.api.ID, 'power', (agent) => agent.powerOn());
    this.dispatcher.lost(node.api.ID, 'power');
    this.agentOf(node)?.powerOff();
  }

  /** Cuts or restores a node's link to the others; its tasks continue. */
  link(node: NodeRecord, connected: boolean): void {
    if (connected)
      return this.dispatcher.found(node.api.ID, 'link', (agent) => agent.connect(true));
    this.dispatcher.lost(node.api.ID, 'link');
    this.agentOf(node)?.connect(false);
  }

  /** Restores a node's power and link at once, without boot or reconnection delay. */
  restore(node: NodeRecord): void {
    this.dispatcher.restore(node.api.ID);
  }

  private checkPorts(spec: ServiceSpec, except: string | undefined): void {
    const wanted = (spec.EndpointSpec?.Ports ?? []).filter((port) => port.PublishedPort);
    const same = (a: Port, b: Port) =>
      a.Protocol === b.Protocol && a.PublishedPort === b.PublishedPort;
    for (const { api } of this.store.services.values()) {
      if (api.ID === except) continue;
      for (const used of [...(api.Spec.EndpointSpec?.Ports ?? []), ...(api.Endpoint.Ports ?? [])]) {
        const clash = wanted.find((port) => same(port, used));
        if (!clash || (used.PublishMode === 'host' && clash.PublishMode === 'host')) continue;
        const how = used.PublishMode === 'host' ? 'a host-published port' : 'an ingress port';
        const text = `port '${used.PublishedPort}' is already in use by service '${api.Spec.Name}' (${api.ID}) as ${how}`;
        throw rpcProblem('InvalidArgument', text);
      }
    }
  }
}

/** Looks a record up as the engine does: by full id, then by name, then by the beginning of an id. */
function find<T extends { api: { ID: string } }>(
  kind: string,
  text: string,
  records: ReadonlyMap<string, T>,
  nameOf: (record: T) => string,
): T {
  const exact = records.get(text);
  if (exact) return exact;
  const all = [...records.values()];
  const byName = all.filter((record) => nameOf(record) === text);
  const found = byName.length > 0 ? byName : all.filter(({ api }) => api.ID.startsWith(text));
  const [first] = found;
  if (!first) throw new DemoEngineError(404, `${kind} ${text} not found`);
  if (found.length > 1) {
    throw new DemoEngineError(400, `${kind} ${text} is ambiguous (${found.length} matches found)`);
  }
  return first;
}
