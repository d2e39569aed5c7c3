import { downNodes, type ConvergenceMemory } from './convergence';
import type { EngineNode, EngineService, EngineTask } from './engine-json';
import { nodeView, serviceView, taskView, type Hardware, type TaskHistory } from './entity-views';
import { findPlaces, type HatPlaces } from './hat-places';
import { naturalOrder } from './natural';
import { noticesOf } from './notices';
import { placeNotices } from './place-notices';
import { nodePlatform, nodePlatforms } from './platforms';
import type { Snapshot } from './snapshot';
import { hasEnded } from './task-phase';
import { isSameSlot } from './task-slot';
import { nodeNames } from './unique-names';
import type { NodeView, Notice, ServiceView, SwarmView, TaskView } from './view';

/** What the view depends on besides the snapshot. */
export interface ViewOptions {
  /** `CLUSTERHAT_NODES`: hostnames of the HAT's places in order. */
  hat: readonly string[];
  /** Name of the service that the dashboard opens on. */
  echoService: string;
}

/** What is kept between two views. */
export interface ViewMemory {
  /** When the last view was made. */
  at: number;
  /** By service id, how long it has held. */
  convergence: ReadonlyMap<string, ConvergenceMemory>;
  /** By id, each entity as it was last made: equal ones stay the same object, so that a diff is cheap. */
  nodes: ReadonlyMap<string, NodeView>;
  /** Places of the HAT that were found without a label, by node id. */
  places: ReadonlyMap<string, number>;
  services: ReadonlyMap<string, ServiceView>;
  tasks: ReadonlyMap<string, RememberedTask>;
  notices: ReadonlyMap<string, Notice>;
  /** What the nodes were: the same object while they are. */
  hardware: Hardware;
}

/** A task with all that its view was made from besides itself. */
interface RememberedTask {
  version: number;
  /** Service name, whether its node is down, whether it is up to date. */
  context: string;
  /** What the nodes were; only the words on an error depend on it. */
  hardware: Hardware;
  view: TaskView;
}

/** Where the first view starts from. */
export const NO_MEMORY: ViewMemory = {
  at: Number.NEGATIVE_INFINITY,
  convergence: new Map(),
  nodes: new Map(),
  places: new Map(),
  services: new Map(),
  tasks: new Map(),
  notices: new Map(),
  hardware: { all: new Map(), open: [] },
};

/** Label of the engine in `/info` that marks the embedded demo swarm. */
const DEMO_LABEL = 'clusterhat.demo=true';

/**
 * Builds the view from the engine's lists. Pure: the same snapshot, memory and `now` (ms)
 * return the same view. Memory and clock are needed for docker's rule that tasks have to run for a
 * while before a service counts as converged, and for the time of the first sighting, because nodes'
 * own clocks cannot be compared with ours.
 */
export function buildView(
  snapshot: Snapshot,
  options: ViewOptions,
  memory: ViewMemory,
  now: number,
): { view: SwarmView; memory: ViewMemory } {
  const { info, version } = snapshot;
  /** The time of something seen first now, from its `reported` time on another clock: between the last view and now. */
  const seen = (reported: number) => Math.min(now, Math.max(reported, memory.at));
  const { nodes, hat, names } = placeNodes(snapshot, options, memory, seen);
  const down = downNodes(nodes);
  const hardware = hardwareOf(snapshot.nodes, names, memory.hardware);
  const remembered = rememberTasks(snapshot, down, hardware, memory.tasks, now, seen);
  const tasks = [...remembered.values()].map(({ view }) => view).sort(taskOrder(snapshot.services));
  linkAttempts(tasks, remembered);
  const byService = groupByService(tasks);
  const convergence = new Map<string, ConvergenceMemory>();
  const services = snapshot.services
    .map((service) => {
      const own = byService.get(service.ID) ?? [];
      const before = memory.convergence.get(service.ID);
      const made = serviceView(
        service,
        own,
        snapshot.nodes,
        names,
        down,
        options.echoService,
        before,
        now,
      );
      convergence.set(service.ID, made.memory);
      return keepEqual(memory.services.get(service.ID), made.view);
    })
    .sort((a, b) => Number(b.echo) - Number(a.echo) || naturalOrder(a.name, b.name));

  const shown = {
    engine: {
      nodeId: info.Swarm.NodeID,
      name: names.get(info.Swarm.NodeID) ?? info.Name,
      version: version.Version,
      apiVersion: version.ApiVersion,
      demo: info.Labels.includes(DEMO_LABEL),
    },
    hat: hat.names.map((name, place) => nodes.find((node) => node.place === place)?.name ?? name),
    nodes,
    services,
    tasks,
  };
  const notices = [...noticesOf(snapshot, shown), ...placeNotices(hat, nodes)].map((notice) =>
    keepEqual(memory.notices.get(notice.id), notice),
  );
  return {
    view: { ...shown, notices },
    memory: {
      at: now,
      convergence,
      nodes: new Map(nodes.map((node) => [node.id, node])),
      places: hat.guessed,
      services: new Map(services.map((service) => [service.id, service])),
      tasks: remembered,
      notices: new Map(notices.map((notice) => [notice.id, notice])),
      hardware,
    },
  };
}

/** The nodes in the board's order, with their places on the HAT and their names. */
function placeNodes(
  { nodes, info }: Snapshot,
  { hat: wanted }: ViewOptions,
  memory: ViewMemory,
  seen: (reported: number) => number,
): { nodes: NodeView[]; hat: HatPlaces; names: ReadonlyMap<string, string> } {
  const { NodeID: hereId, NodeAddr: ownAddress } = info.Swarm;
  const hat = findPlaces(nodes, wanted, memory.places, { hereId, ownAddress });
  const placed = nodes.map((node) => {
    const before = memory.nodes.get(node.ID);
    const same = before?.state === node.Status.State;
    const since = same ? before.stateSince : seen(node.UpdatedAt || Number.MAX_SAFE_INTEGER);
    const place = hat.places.get(node.ID) ?? null;
    return { ...nodeView(node, hereId, ownAddress, since), place };
  });
  const names = nodeNames(placed);
  const named = placed.map((node) =>
    keepEqual<NodeView>(memory.nodes.get(node.id), {
      ...node,
      name: names.get(node.id) ?? node.id,
    }),
  );
  return { nodes: named.sort(nodeOrder), hat, names };
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

/** Each task's view, built again only when the task or something its view depends on has changed. */
function rememberTasks(
  { services, tasks, upToDate: current }: Snapshot,
  down: ReadonlySet<string>,
  hardware: Hardware,
  before: ReadonlyMap<string, RememberedTask>,
  now: number,
  seen: (reported: number) => number,
): Map<string, RememberedTask> {
  const byId = new Map(services.map((service) => [service.ID, service]));
  const made = new Map<string, RememberedTask>();
  for (const task of tasks) {
    const service = byId.get(task.ServiceID);
    if (!service) continue;
    const serviceName = service.Spec.Name;
    const { Global, GlobalJob } = service.Spec.Mode;
    const numbered = !Global && !GlobalJob;
    const onDownNode = down.has(task.NodeID ?? '');
    const upToDate = isOfIteration(task, service) && (current?.has(task.ID) ?? true);
    const context = `${serviceName} ${onDownNode} ${upToDate}`;
    const version = task.Version.Index;
    const known = before.get(task.ID);
    const same =
      known?.version === version &&
      known.context === context &&
      (known.hardware === hardware || (task.Status.Err === '' && known.view.hint === null));
    let view = known?.view;
    if (!view || !same) {
      const fresh = taskView(task, { serviceName, numbered, onDownNode, upToDate, hardware });
      view = { ...fresh, ...historyOf(fresh, view, now, seen) };
    }
    made.set(task.ID, { version, context, hardware, view });
  }
  return made;
}

/** A job's tasks of an earlier iteration count no more; other services have no iterations. */
function isOfIteration(task: EngineTask, { JobStatus }: EngineService): boolean {
  return (task.JobIteration?.Index ?? 0) === (JobStatus?.JobIteration?.Index ?? 0);
}

/** What was seen of a task before, or first now. */
function historyOf(
  { nodeId, phase, state, stateAt }: Omit<TaskView, keyof TaskHistory>,
  before: TaskView | undefined,
  now: number,
  seen: (reported: number) => number,
): TaskHistory {
  return {
    nextTaskId: before?.nextTaskId ?? null,
    seenAt: before?.seenAt ?? (nodeId && !hasEnded(phase) ? now : null),
    ranAt: before?.ranAt ?? (state === 'running' ? seen(stateAt) : null),
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
