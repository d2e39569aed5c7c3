import { stateRank } from '@/lib/swarm/task-state';
import { rfc3339Nano, type DemoClock } from './clock';
import { rpcProblem } from './errors';
import type { Random } from './random';
import { atLeast, NEWEST, type Release } from './release';
import type {
  EndpointSpec,
  Node,
  DemoService,
  ServiceStatus,
  State,
  Task,
  TaskSpec,
  Port,
} from './types';

/** A node, and its JSON after the first request for it. */
export interface NodeRecord {
  readonly kind: 'node';
  api: Node;
  json: string | undefined;
}

/** A service. `specVersion` names the spec that tasks are compared with (swarmkit's SpecVersion). */
export interface ServiceRecord {
  readonly kind: 'service';
  api: DemoService;
  specVersion: number;
  previousSpecVersion: number;
  /** `X-Registry-Auth` of the spec and of the previous one: swarm keeps them in the specs, and shows them nowhere. */
  registryAuth?: string | undefined;
  previousRegistryAuth?: string | undefined;
  json: string | undefined;
}

/** A task, with what swarm stores but the API does not show. */
export interface TaskRecord {
  readonly kind: 'task';
  api: Task;
  /** Its service's name, needed after the service is removed. */
  serviceName: string;
  specVersion: number;
  endpointSpec: EndpointSpec | undefined;
  /** Its container's ports in host mode, those that the engine chose included; once it has started. */
  hostPorts?: readonly Port[];
  /** When the manager last wrote its status: history is pruned by this, oldest first. */
  appliedAt: number;
  json: string | undefined;
}

/** A task to create. */
export type TaskDraft = Omit<TaskRecord, 'kind' | 'json' | 'appliedAt'>;

export type StoreRecord = NodeRecord | ServiceRecord | TaskRecord;

/** One write. `before` is the object before it; undefined if the write created it. */
export type StoreChange =
  | { kind: 'node'; action: Action; record: NodeRecord; before: Node | undefined }
  | { kind: 'service'; action: Action; record: ServiceRecord; before: DemoService | undefined }
  | { kind: 'task'; action: Action; record: TaskRecord; before: Task | undefined };
type Action = 'create' | 'update' | 'remove';

type Listener = (change: StoreChange) => void;

/**
 * The manager's store. Every write takes the next raft index, sets the object's times and notifies
 * the listeners: those of `onCommit` at once, so that events keep their order; those of `onChange`
 * after the writer has finished, so that one orchestrator never runs inside another.
 */
export class Store {
  readonly nodes = new Map<string, NodeRecord>();
  readonly services = new Map<string, ServiceRecord>();
  readonly tasks = new Map<string, TaskRecord>();
  private readonly byService = new Map<string, Set<TaskRecord>>();
  private readonly byNode = new Map<string, Set<TaskRecord>>();
  private readonly commitListeners = new Set<Listener>();
  private readonly changeListeners = new Set<Listener>();
  private sorted: TaskRecord[] | undefined;
  private queue: StoreChange[] = [];
  private waiting: (() => void)[] = [];
  private index = 8;

  constructor(
    readonly clock: DemoClock,
    readonly random: Random,
    private readonly release: Release = NEWEST,
  ) {}

  /** An object's JSON, built once per version. */
  readonly jsonOf = (record: StoreRecord): string => {
    record.json ??=
      record.kind === 'task'
        ? jsonOfTask(record.api, this.release)
        : JSON.stringify(record.kind === 'service' ? serviceAsListed(record.api) : record.api);
    return record.json;
  };

  onCommit(listener: Listener): void {
    this.commitListeners.add(listener);
  }

  /** Returns the function that unsubscribes. */
  onChange(listener: Listener): () => void {
    this.changeListeners.add(listener);
    return () => this.changeListeners.delete(listener);
  }

  /** The raft index of a write of something that is no node, service or task. */
  nextIndex(): number {
    this.index += 1;
    return this.index;
  }

  /** Resolves when the listeners know every write, including those that they make themselves. */
  settled(): Promise<void> {
    if (this.queue.length === 0) return Promise.resolve();
    return new Promise((done) => this.waiting.push(done));
  }

  tasksOfService(id: string): TaskRecord[] {
    return [...(this.byService.get(id) ?? [])];
  }

  tasksOnNode(id: string): TaskRecord[] {
    return [...(this.byNode.get(id) ?? [])];
  }

  /** All tasks in the order of their ids, as the engine lists them. */
  allTasks(): readonly TaskRecord[] {
    this.sorted ??= [...this.tasks.values()].sort((a, b) => (a.api.ID < b.api.ID ? -1 : 1));
    return this.sorted;
  }

  /** The time as the API prints it. */
  stamp(): string {
    return rfc3339Nano(this.clock.now());
  }

  createNode(api: Node): NodeRecord {
    const record: NodeRecord = { kind: 'node', api, json: undefined };
    this.nodes.set(api.ID, record);
    this.commit({ kind: 'node', action: 'create', record, before: undefined });
    return record;
  }

  createService(api: DemoService): ServiceRecord {
    const record: ServiceRecord = {
      kind: 'service',
      api,
      specVersion: 0,
      previousSpecVersion: 0,
      json: undefined,
    };
    this.services.set(api.ID, record);
    this.commit({ kind: 'service', action: 'create', record, before: undefined });
    return record;
  }

  createTask(record: TaskDraft): TaskRecord {
    const task: TaskRecord = {
      ...record,
      kind: 'task',
      appliedAt: this.clock.now(),
      json: undefined,
    };
    this.tasks.set(task.api.ID, task);
    this.sorted = undefined;
    add(this.byService, task.api.ServiceID, task);
    add(this.byNode, task.api.NodeID, task);
    this.commit({ kind: 'task', action: 'create', record: task, before: undefined });
    return task;
  }

  /** Changes a node. `version`, if given, must be its current one; the same holds for services. */
  updateNode(record: NodeRecord, change: (node: Node) => void, version?: number): void {
    checkVersion(record, version);
    const before = { ...record.api };
    change(record.api);
    this.commit({ kind: 'node', action: 'update', record, before });
  }

  updateService(
    record: ServiceRecord,
    change: (service: DemoService) => void,
    version?: number,
  ): void {
    checkVersion(record, version);
    const before = { ...record.api };
    change(record.api);
    this.commit({ kind: 'service', action: 'update', record, before });
  }

  updateTask(record: TaskRecord, change: (task: Task) => void): void {
    if (this.tasks.get(record.api.ID) !== record) return;
    const before = { ...record.api };
    change(record.api);
    if (before.NodeID !== record.api.NodeID) {
      this.byNode.get(before.NodeID ?? '')?.delete(record);
      add(this.byNode, record.api.NodeID, record);
    }
    if (before.Status !== record.api.Status) record.appliedAt = this.clock.now();
    this.commit({ kind: 'task', action: 'update', record, before });
  }

  /** Sets a later desired state; an earlier one is ignored, as desired states only go forward. */
  setDesired(record: TaskRecord, state: State): void {
    if (stateRank(record.api.DesiredState) >= stateRank(state)) return;
    this.updateTask(record, (task) => {
      task.DesiredState = state;
    });
  }

  remove(record: StoreRecord): void {
    const before = { ...record.api };
    if (record.kind === 'node') this.nodes.delete(record.api.ID);
    if (record.kind === 'service') {
      this.services.delete(record.api.ID);
    }
    if (record.kind === 'task') {
      if (!this.tasks.delete(record.api.ID)) return;
      this.sorted = undefined;
      drop(this.byService, record.api.ServiceID, record);
      drop(this.byNode, record.api.NodeID, record);
    }
    this.commit({ kind: record.kind, action: 'remove', record, before } as StoreChange);
  }

  private commit(change: StoreChange): void {
    this.index += 1;
    const { api } = change.record;
    change.record.json = undefined;
    api.Version = { Index: this.index };
    if (change.action !== 'remove') {
      api.UpdatedAt = this.stamp();
      if (change.action === 'create') api.CreatedAt = api.UpdatedAt;
    }
    for (const listener of this.commitListeners) listener(change);
    this.queue.push(change);
    if (this.queue.length === 1) this.clock.after(0, () => this.notify());
  }

  private notify(): void {
    const changes = this.queue;
    this.queue = [];
    for (const change of changes) {
      for (const listener of this.changeListeners) listener(change);
    }
    if (this.queue.length > 0) return;
    for (const done of this.waiting.splice(0)) done();
  }
}

/** A service with its fields in the engine's order. */
export function serviceAsListed(
  service: DemoService,
  ServiceStatus?: ServiceStatus,
): DemoService & { ServiceStatus?: ServiceStatus | undefined } {
  const { ID, Version, CreatedAt, UpdatedAt, Spec, PreviousSpec, Endpoint } = service;
  const { UpdateStatus, JobStatus } = service;
  const head = { ID, Version, CreatedAt, UpdatedAt, Spec, PreviousSpec, Endpoint };
  return { ...head, UpdateStatus, ServiceStatus, JobStatus };
}

/** The JSON of task specs. A service's tasks share one spec, which is replaced but never changed. */
const specJson = new WeakMap<TaskSpec, string>();

/** A task's JSON with its fields in the engine's order. */
function jsonOfTask(task: Task, { api }: Release): string {
  const { ID, Version, CreatedAt, UpdatedAt, Labels, ServiceID, Slot, NodeID } = task;
  const { Status, DesiredState, NetworksAttachments, JobIteration } = task;
  const head = JSON.stringify({ ID, Version, CreatedAt, UpdatedAt, Labels });
  const tail = JSON.stringify({
    ServiceID,
    Slot,
    NodeID,
    Status,
    DesiredState,
    NetworksAttachments,
    JobIteration,
    // The volumes of CSI plug-ins; a task of the demo has none.
    Volumes: atLeast(api, '1.42') ? null : undefined,
  });
  return `${head.slice(0, -1)},"Spec":${jsonOfSpec(task.Spec)},${tail.slice(1)}`;
}

/** In the API a task's spec has no `Runtime`, unlike its service's. */
function jsonOfSpec(spec: TaskSpec): string {
  let text = specJson.get(spec);
  if (text === undefined) {
    const { Runtime: _, ...shown } = spec;
    text = JSON.stringify(shown);
    specJson.set(spec, text);
  }
  return text;
}

function checkVersion(record: StoreRecord, version: number | undefined): void {
  if (version !== undefined && version !== record.api.Version.Index) {
    throw rpcProblem('Unknown', 'update out of sequence');
  }
}

function add(index: Map<string, Set<TaskRecord>>, key: string | undefined, task: TaskRecord) {
  if (key === undefined) return;
  const set = index.get(key);
  if (set) set.add(task);
  else index.set(key, new Set([task]));
}

function drop(index: Map<string, Set<TaskRecord>>, key: string | undefined, task: TaskRecord) {
  if (key === undefined) return;
  const set = index.get(key);
  set?.delete(task);
  if (set?.size === 0) index.delete(key);
}
