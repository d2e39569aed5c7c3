import {
  avoidedNodes,
  mayAvoid,
  NO_FAILURES,
  rememberFailures,
  type FailureMemory,
} from './placement/avoided-nodes';
import { downNodes, type ConvergenceMemory } from './convergence';
import { countsOf } from './counts';
import { NONE_DEPARTED, rememberDeparted, type DepartedMemory } from './departed';
import type { EngineNode, EngineService, EngineTask } from './engine-json';
import {
  clockWords,
  managerClock,
  managerTime,
  ofManager,
  nodeClocks,
  taskStateTime,
  type Clocks,
} from './engine-times';
import { nodeView, serviceView, taskView, type Hardware, type TaskHistory } from './entity-views';
import { findPlaces, portName, type HatPlaces } from './hat/hat-places';
import { naturalOrder } from './natural';
import { noticesOf } from './notices';
import { placeNotices } from './hat/place-notices';
import { clusterOf } from './placement/placement';
import { unevenSpread } from './placement/uneven';
import { nodePlatform, nodePlatforms } from './placement/platforms';
import { portTargets } from './port-targets';
import { changeBlocks, READ_SWITCHES, type Refusals } from './refusals';
import type { Snapshot } from './snapshot';
import { serviceMarks } from './badges';
import { newestFirst } from './slot-order';
import { hasEnded } from './task-phase';
import { isSameSlot } from './task-slot';
import { uniqueNodeNames } from './hat/unique-names';
import { asFarAsKnown, withUnlisted } from './unlisted';
import { updateView, type UpdateMemory } from './update-status';
import type { NodeView, Notice, ServiceView, SwarmView, TaskView } from './view';
import { waitingHints, type WaitingHints } from './hints/waiting-hints';

/** What the view depends on in addition to the snapshot. */
export interface ViewOptions {
  /** `CLUSTERHAT_NODES`: hostnames of the HAT's places in order. */
  hat: readonly string[];
  /** Name of the service that the dashboard opens on. */
  echoService: string;
}

/** What is kept between two views. */
export interface ViewMemory {
  /** When the last view was made, and when the last one with tasks. */
  at: number;
  /** Counts the views. */
  views: number;
  /** How far the manager's clock is ahead of the dashboard's (ms). */
  managerAhead: number;
  departed: DepartedMemory;
  /** By service id, the update or rollback that the engine knows of. */
  updates: ReadonlyMap<string, UpdateMemory>;
  tasksAt: number;
  /** By service id, how long it has held. */
  convergence: ReadonlyMap<string, ConvergenceMemory>;
  /** By id, each entity as it was last made: equal ones stay the same object, so that a diff is cheap. */
  nodes: ReadonlyMap<string, NodeView>;
  /** Places of the HAT that were found without a label, by node id. */
  places: ReadonlyMap<string, number>;
  services: ReadonlyMap<string, ServiceView>;
  tasks: ReadonlyMap<string, RememberedTask>;
  /** Tasks that an earlier process has seen and this one has not. */
  restoredTasks: ReadonlyMap<string, TaskView>;
  notices: ReadonlyMap<string, Notice>;
  /** The nodes' hardware; the same object until it changes. */
  hardware: Hardware;
  /** Recent failures by service and node. */
  failures: FailureMemory;
}

/** A task's view, and everything that it was made from. */
interface RememberedTask {
  version: number;
  /** Number of the view in which it was first seen. */
  firstView: number;
  engine: EngineTask;
  /** Whether a part of it could not be read: the same version can be read in full later. */
  odd: boolean;
  /** Service name, whether its node is down, whether it is up to date, why it waits. */
  context: string;
  /** The nodes' hardware; only hints depend on it. */
  hardware: Hardware;
  view: TaskView;
}

/** Where the first view starts from. */
export const NO_MEMORY: ViewMemory = {
  at: Number.NEGATIVE_INFINITY,
  views: 0,
  managerAhead: 0,
  departed: NONE_DEPARTED,
  updates: new Map(),
  tasksAt: Number.NEGATIVE_INFINITY,
  convergence: new Map(),
  nodes: new Map(),
  places: new Map(),
  services: new Map(),
  tasks: new Map(),
  restoredTasks: new Map(),
  notices: new Map(),
  hardware: { all: new Map(), open: [] },
  failures: NO_FAILURES,
};

/**
 * Where the first view starts from after a restart, so that it continues the last one of the previous process.
 * @param at when that view was made (ms)
 */
export function memoryOf(view: SwarmView, at: number): ViewMemory {
  const { nodes, goneNodes, services, tasks } = view;
  const places = nodes.flatMap(({ id, place }) => (place === null ? [] : [[id, place] as const]));
  return {
    ...NO_MEMORY,
    at,
    tasksAt: at,
    views: 1,
    departed: {
      ...NONE_DEPARTED,
      nodes: new Map(goneNodes.map((node) => [node.id, { node, leftAt: at }])),
      services: new Map(services.map(({ id, name }) => [id, name])),
    },
    nodes: new Map(nodes.map((node) => [node.id, node])),
    places: new Map(places),
    services: new Map(services.map((service) => [service.id, service])),
    restoredTasks: new Map(tasks.map((task) => [task.id, task])),
  };
}

/** Label of the engine in `/info` that marks the embedded demo swarm. */
const DEMO_LABEL = 'clusterhat.demo=true';

/**
 * Builds the view from the engine's lists. Pure: the same snapshot, memory and `now` (ms)
 * return the same view. Memory and clock are needed for docker's rule that tasks have to run for a
 * while before a service counts as converged, and for the time of the first sighting, because nodes'
 * own clocks cannot be compared with ours.
 */
export function buildView(
  received: Snapshot,
  options: ViewOptions,
  memory: ViewMemory,
  now: number,
): { view: SwarmView; memory: ViewMemory } {
  const snapshot = withUnlisted(received);
  const { info, version, refused } = snapshot;
  const managerAhead = managerClock(snapshot.managerAhead ?? null, memory.managerAhead);
  const nodesAhead = nodeClocks(snapshot.tasks);
  const clocks: Clocks = { now, lastView: memory.at, managerAhead, nodesAhead };
  const { placed, hat, names } = placeNodes(snapshot, options, memory, clocks);
  const cluster = once(() => clusterOf(received, names));
  const failures = rememberFailures(
    received,
    memory.failures,
    (id) => memory.tasks.get(id)?.view.phase === 'failed',
    // A task that had failed by the last view of an earlier process failed when the engine reports.
    (reported, id) =>
      memory.restoredTasks.get(id)?.phase === 'failed'
        ? ofManager(reported, clocks)
        : managerTime(reported, clocks),
    now,
  );
  const avoided = mayAvoid(failures) ? avoidedNodes(failures, cluster(), now) : null;
  const nodes = placed
    .map((node) => {
      const view = { ...node, avoided: avoided?.get(node.id) ?? [] };
      return keepEqual<NodeView>(memory.nodes.get(node.id), view);
    })
    .sort(nodeOrder);
  const isFirst = memory.views === 0;
  // An entity that is missing from a refused list has not left the swarm.
  const departed =
    refused.reads.has('NODES') || refused.reads.has('SERVICES')
      ? memory.departed
      : rememberDeparted(snapshot, memory.departed, isFirst ? null : memory.nodes, now);
  const goneNodes = [...departed.nodes.values()].map(({ node }) => node);
  // Whether a task on a node that has left still runs is as unknown as on one that is down.
  const down = new Set([...downNodes(nodes), ...departed.nodes.keys()]);
  // Of nodes that are not listed nothing is known.
  const hardware = hardwareOf(received.nodes, names, memory.hardware);
  const taskClocks = { ...clocks, lastView: memory.tasksAt };
  const remembered = rememberTasks(
    snapshot,
    down,
    hardware,
    waitingHints(cluster, ({ CreatedAt }) =>
      CreatedAt === 0 ? 0 : now - ofManager(CreatedAt, clocks),
    ),
    memory,
    departed,
    taskClocks,
  );
  const tasks = [...remembered.values()]
    .map(({ view }) => view)
    .sort(taskOrder(snapshot.services, departed));
  sortSlots(tasks, remembered);
  linkAttempts(tasks, remembered);
  const byService = groupByService(tasks);
  const convergence = new Map<string, ConvergenceMemory>();
  const updates = new Map<string, UpdateMemory>();
  const marks = serviceMarks(
    snapshot.services.map(({ ID, Spec }) => ({ id: ID, name: Spec.Name })),
    tasks,
  );
  const nodeName = (id: string) => names.get(id) ?? departed.nodes.get(id)?.node.name ?? id;
  const services = snapshot.services
    .map((service) => {
      const own = byService.get(service.ID) ?? [];
      const before = memory.convergence.get(service.ID);
      // An update that an earlier process has seen is not new since its last view.
      const seen =
        !memory.updates.has(service.ID) &&
        memory.services.get(service.ID)?.update?.state === service.UpdateStatus?.State;
      const update = updateView(
        service,
        { tasks: own, nodeName, clocks: seen ? { ...clocks, lastView: -Infinity } : clocks },
        memory.updates.get(service.ID) ?? null,
      );
      if (update.memory) updates.set(service.ID, update.memory);
      const made = serviceView(
        service,
        own,
        received.nodes,
        names,
        down,
        options.echoService,
        update.view,
        before,
        version?.Version ?? info?.ServerVersion ?? '',
        now,
      );
      convergence.set(service.ID, made.memory);
      const targets = portTargets(made.view, own, nodes);
      const mark = marks.get(service.ID) ?? { mark: '?', numbered: true };
      // While tasks still move, it may become even by itself.
      const uneven =
        made.view.convergence.phase === 'converged' && !refused.reads.has('NODES')
          ? unevenSpread(
              service,
              own.filter(({ phase }) => phase === 'running'),
              received.nodes,
              cluster,
            )
          : null;
      const shown = { ...made.view, targets, ...mark, uneven };
      return keepEqual(memory.services.get(service.ID), asFarAsKnown(shown, own, refused));
    })
    .sort((a, b) => Number(b.echo) - Number(a.echo) || naturalOrder(a.name, b.name));

  const shown = {
    engine: engineView(info, version, names),
    hat: hat.names.map((name, place) => placeName(name, place, nodes)),
    nodes,
    goneNodes,
    services,
    tasks,
    refused: refusedView(refused),
  };
  const whole = { ...shown, counts: countsOf(shown) };
  const notices = [...noticesOf(snapshot, whole), ...placeNotices(hat, nodes)].map((notice) =>
    keepEqual(memory.notices.get(notice.id), notice),
  );
  const hasTasks = !refused.reads.has('TASKS');
  const isWhole = hasTasks && !refused.reads.has('SERVICES');
  return {
    view: { ...whole, notices },
    memory: {
      at: now,
      views: memory.views + 1,
      managerAhead,
      departed,
      tasksAt: hasTasks ? now : memory.tasksAt,
      // What was seen before a list was refused still holds when it is allowed again.
      updates: isWhole ? updates : memory.updates,
      convergence: isWhole ? convergence : memory.convergence,
      nodes: new Map(nodes.map((node) => [node.id, node])),
      places: hat.guessed,
      services: new Map(services.map((service) => [service.id, service])),
      tasks: hasTasks ? remembered : memory.tasks,
      restoredTasks: hasTasks ? NO_MEMORY.restoredTasks : memory.restoredTasks,
      notices: new Map(notices.map((notice) => [notice.id, notice])),
      hardware,
      failures,
    },
  };
}

/** Computes a value when it is first needed. */
function once<T>(compute: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: compute() }).value;
}

/** Used while the list of nodes is refused: ids alone do not show which place is taken. */
const NO_PLACES = { places: new Map<string, number>(), names: [], problems: [] };

/** The nodes with their places on the HAT and their names. */
function placeNodes(
  { nodes, info, refused: { reads } }: Snapshot,
  { hat: wanted }: ViewOptions,
  memory: ViewMemory,
  clocks: Clocks,
): {
  placed: Omit<NodeView, 'avoided'>[];
  hat: HatPlaces;
  names: ReadonlyMap<string, string>;
} {
  const { NodeID: hereId, NodeAddr: ownAddress } = info?.Swarm ?? { NodeID: '', NodeAddr: '' };
  const listed = !reads.has('NODES');
  const idle = reads.has('TASKS') ? 'Tasks unknown' : 'No tasks';
  const hat = listed
    ? findPlaces(nodes, wanted, memory.places, { hereId, ownAddress })
    : { ...NO_PLACES, guessed: memory.places };
  const placed = nodes.map((node) => {
    const before = memory.nodes.get(node.ID);
    const same = before?.state === node.Status.State;
    const since = same ? before.stateSince : managerTime(node.UpdatedAt, clocks);
    const place = hat.places.get(node.ID) ?? null;
    const made = nodeView(node, hereId, ownAddress, since);
    return { ...made, place, listed, idle, clock: clockWords(node, clocks, node.ID === hereId) };
  });
  const names = uniqueNodeNames(placed);
  const named = placed.map((node) => ({ ...node, name: names.get(node.id) ?? node.id }));
  return { placed: named, hat, names };
}

function engineView(
  info: Snapshot['info'],
  version: Snapshot['version'],
  names: ReadonlyMap<string, string>,
): SwarmView['engine'] {
  const nodeId = info?.Swarm.NodeID ?? '';
  const name = names.get(nodeId) ?? info?.Name ?? '';
  const docker = version?.Version ?? info?.ServerVersion ?? '';
  const apiVersion = version?.ApiVersion ?? '';
  const parts = [name, docker && `Docker ${docker}`, apiVersion && `API ${apiVersion}`];
  return {
    nodeId,
    name,
    version: docker,
    apiVersion,
    label: parts.filter((part) => part !== '').join(' · ') || 'Engine unknown',
    demo: info?.Labels.includes(DEMO_LABEL) ?? false,
  };
}

function refusedView(refused: Refusals): SwarmView['refused'] {
  return {
    reads: READ_SWITCHES.filter((name) => refused.reads.has(name)),
    changes: changeBlocks(refused),
  };
}

/** The name of the node in a place, else the one that is expected there, unless a node elsewhere has it. */
function placeName(expected: string, place: number, nodes: readonly NodeView[]): string {
  const node = nodes.find((one) => one.place === place);
  if (node) return node.name;
  return nodes.some(({ hostname }) => hostname === expected) ? portName(place) : expected;
}

/** What the nodes are; the old object when that has not changed. */
function hardwareOf(
  nodes: readonly EngineNode[],
  names: ReadonlyMap<string, string>,
  before: Hardware,
): Hardware {
  const all = new Map(nodes.map((node) => [node.ID, nodePlatform(node, names)]));
  const open = nodePlatforms(nodes, names);
  const text = ({ all, open }: Hardware) => JSON.stringify([[...all], open]);
  return text(before) === text({ all, open }) ? before : { all, open };
}

/** `before` when it equals `after`. */
function keepEqual<T>(before: T | undefined, after: T): T {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(after) ? before : after;
}

/**
 * Each task's view, built again only when the task or something its view depends on has changed. Tasks of a removed
 * service are shown until they have ended.
 */
function rememberTasks(
  { services, tasks, upToDate: current, odd: { tasks: oddTasks } }: Snapshot,
  down: ReadonlySet<string>,
  hardware: Hardware,
  waitingHint: WaitingHints,
  { tasks: before, restoredTasks, views }: ViewMemory,
  departed: DepartedMemory,
  clocks: Clocks,
): Map<string, RememberedTask> {
  const byId = new Map(services.map((service) => [service.ID, service]));
  const made = new Map<string, RememberedTask>();
  for (const task of tasks) {
    const service = byId.get(task.ServiceID);
    const serviceName = service?.Spec.Name ?? departed.services.get(task.ServiceID);
    if (serviceName === undefined) continue;
    const { Global, GlobalJob, ReplicatedJob } = service?.Spec.Mode ?? {};
    const isJob = Boolean(GlobalJob ?? ReplicatedJob);
    // Of a removed service the mode is not known any more.
    const numbered = service
      ? !Global && !GlobalJob
      : (before.get(task.ID)?.view.slot ?? (task.Slot || null)) !== null;
    const onDownNode = down.has(task.NodeID ?? '');
    const upToDate = !service || isUpToDate(task, service, current);
    const waiting = waitingHint(task);
    const canRollBack = Boolean(service?.PreviousSpec);
    const context = `${serviceName} ${onDownNode} ${upToDate} ${canRollBack} ${waiting?.text}`;
    const version = task.Version.Index;
    const odd = oddTasks.partly.has(task.ID);
    const known = before.get(task.ID);
    const same =
      known?.version === version &&
      !odd &&
      !known.odd &&
      known.context === context &&
      (known.hardware === hardware || (task.Status.Err === '' && known.view.hint === null));
    let view = known?.view ?? restoredTasks.get(task.ID);
    if (!view || !same) {
      const where = {
        serviceName,
        numbered,
        onDownNode,
        upToDate,
        canRollBack,
        keepsRunning: service !== undefined && !isJob,
        isJob,
        hardware,
        waiting,
      };
      const fresh = taskView(task, where);
      const reported = known?.engine.Status.Timestamp;
      view = keepEqual(view, { ...fresh, ...historyOf(task, fresh, view, reported, clocks) });
    }
    if (!service && hasEnded(view.phase)) continue;
    const firstView = known?.firstView ?? (restoredTasks.has(task.ID) ? 0 : views);
    made.set(task.ID, { version, odd, firstView, engine: task, context, hardware, view });
  }
  return made;
}

/** Without the engine's own answer (a proxy refuses it) only another image proves that a task is of an earlier spec. */
function isUpToDate(
  task: EngineTask,
  service: EngineService,
  current: ReadonlySet<string> | null,
): boolean {
  if (!isOfIteration(task, service)) return false;
  if (current) return current.has(task.ID);
  return task.Spec.ContainerSpec?.Image === service.Spec.TaskTemplate.ContainerSpec?.Image;
}

/** A job's tasks of an earlier iteration count no more; other services have no iterations. */
function isOfIteration(task: EngineTask, { JobStatus }: EngineService): boolean {
  return (task.JobIteration?.Index ?? 0) === (JobStatus?.JobIteration?.Index ?? 0);
}

/**
 * What was seen of a task before, or first now.
 * @param reportedAt the time of its report then, if known
 */
function historyOf(
  task: EngineTask,
  { nodeId, phase, state }: Omit<TaskView, keyof TaskHistory>,
  before: TaskView | undefined,
  reportedAt: number | undefined,
  clocks: Clocks,
): TaskHistory {
  // Both again only for a new report: the clocks may have been set since the last one.
  const isNews =
    before?.state !== state || (reportedAt !== undefined && reportedAt !== task.Status.Timestamp);
  const stateAt = isNews ? taskStateTime(task, clocks) : before.stateAt;
  const createdAt = before?.createdAt ?? managerTime(task.CreatedAt, clocks);
  // It came to its node after the last view, when it was not there; before the first view, that is not known.
  const reported = before ? (isNews ? stateAt : clocks.now) : createdAt;
  const arrivedAt = Number.isFinite(clocks.lastView)
    ? Math.min(clocks.now, Math.max(clocks.lastView, reported))
    : clocks.now;
  return {
    stateAt,
    createdAt,
    nextTaskId: before?.nextTaskId ?? null,
    seenAt: before?.seenAt ?? (nodeId && !hasEnded(phase) ? arrivedAt : null),
    ranAt: before?.ranAt ?? (state === 'running' ? Math.max(stateAt, clocks.lastView) : null),
  };
}

/** Sets `nextTaskId` where an attempt was followed for the first time. `tasks` are in view order. */
function linkAttempts(tasks: TaskView[], remembered: Map<string, RememberedTask>): void {
  for (let at = 1; at < tasks.length; at++) {
    const [newer, older] = [tasks[at - 1], tasks[at]];
    if (!newer || !older || older.nextTaskId !== null || !isSameSlot(newer, older)) continue;
    const view = { ...older, nextTaskId: newer.id };
    tasks[at] = view;
    const known = remembered.get(older.id);
    if (known) remembered.set(older.id, { ...known, view });
  }
}

/** Puts the attempts of each slot, which stand together, in their order. */
function sortSlots(tasks: TaskView[], remembered: ReadonlyMap<string, RememberedTask>): void {
  const facts = ({ id }: TaskView) => remembered.get(id);
  let start = 0;
  tasks.forEach((task, at) => {
    const next = tasks[at + 1];
    if (next && isSameSlot(task, next)) return;
    if (at > start) {
      const attempts = newestFirst(tasks.slice(start, at + 1), facts);
      if (attempts) tasks.splice(start, attempts.length, ...attempts);
    }
    start = at + 1;
  });
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
function nodeOrder(a: NodeView, b: NodeView): number {
  const place = (node: NodeView) => node.place ?? Number.MAX_SAFE_INTEGER;
  return place(a) - place(b) || naturalOrder(a.name, b.name) || (a.id < b.id ? -1 : 1);
}

/** By service name, slot (or node), newest first; names are compared once and not for each task. Removed services last. */
function taskOrder(
  services: readonly EngineService[],
  { services: names }: DepartedMemory,
): (a: TaskView, b: TaskView) => number {
  const present = new Set(services.map(({ ID }) => ID));
  const ranks = new Map(
    [...names]
      .toSorted(
        ([a, nameA], [b, nameB]) =>
          Number(present.has(b)) - Number(present.has(a)) || naturalOrder(nameA, nameB),
      )
      .map(([id], rank) => [id, rank]),
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
