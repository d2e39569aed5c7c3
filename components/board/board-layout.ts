import { isBroken, isEnded, stateRank } from '@/lib/swarm/task-state';
import type { NodeView, ServiceView, SwarmView, TaskView } from '@/lib/swarm/view';

/** A replacement that has run this long has settled: what failed before it leaves the board. */
export const SETTLED_MS = 30_000;

/** One task as it stands on the board. */
export interface BoardTask {
  /** The task's id. */
  id: string;
  task: TaskView;
  /** Name of its service. */
  service: string;
  /** Failed tasks of the same slot that the engine still remembers, this one not counted. */
  earlierFailures: number;
  /** For a lost task: since when its node is down at least, by the dashboard's clock. */
  lostAt: number | null;
}

/** The board's tasks: by node id, and those that no node has yet. */
export interface BoardTasks {
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
  /** Without a node, or on a node that has left the swarm. */
  waiting: readonly BoardTask[];
}

/** One of the HAT's places, taken or not. */
export interface BoardPlace {
  name: string;
  /** Its port on the HAT: `P1` …; null for the controller. */
  port: string | null;
  node: NodeView | null;
}

/**
 * The HAT's places in their order, and the nodes that have none. A node that joined anew leaves
 * its old self behind as a second, down node of the same name: the place goes to the living one.
 */
export function boardPlaces(view: Pick<SwarmView, 'hat' | 'nodes'>): {
  places: BoardPlace[];
  others: NodeView[];
} {
  const taken = new Set<NodeView>();
  const places = view.hat.map((name, index) => {
    const namesakes = view.nodes.filter((node) => node.name === name);
    const node = namesakes.find(({ state }) => state === 'ready') ?? namesakes[0] ?? null;
    if (node) taken.add(node);
    return { name, port: index === 0 ? null : `P${index}`, node };
  });
  return { places, others: view.nodes.filter((node) => !taken.has(node)) };
}

/**
 * Which tasks the board shows and where: everything that lives (waiting, starting, running,
 * stopping, lost on a node that is down), and of each slot the newest ended task when it tells
 * something: a failure until its replacement has settled, or any end that nothing followed.
 * Given the result before, what has not changed is not worked out again and stays the same
 * object, list by list and item by item: with thousands of tasks one change costs little.
 */
export function boardTasks(
  view: Pick<SwarmView, 'services' | 'tasks' | 'nodes'>,
  now: number,
  before?: BoardTasks,
): BoardTasks {
  const { nodes, services } = view;
  const old = before && workings.get(before);
  const tasks = groupByService(view.tasks);
  const downSince = new Map(nodes.map(({ id, stateSince }) => [id, stateSince]));
  const shown = new Map<string, readonly BoardTask[]>();
  for (const service of services) {
    const { id, name, replicas } = service;
    const was = old?.services.get(id);
    const own = sameList(old?.tasks.get(id), tasks.get(id) ?? []);
    tasks.set(id, own);
    // Everything that the choice depends on.
    const same =
      own === old?.tasks.get(id) &&
      old.now === now &&
      old.nodes === nodes &&
      was?.name === name &&
      was.replicas === replicas;
    shown.set(id, (same && old.shown.get(id)) || serviceTasks(service, own, downSince, now));
  }
  const byId = new Map(services.map((service) => [service.id, service]));
  const sameOrder = [...(old?.services.keys() ?? [])].join() === [...byId.keys()].join();
  const result =
    before && old?.nodes === nodes && sameOrder
      ? rebuilt(before, old.shown, shown)
      : spread(nodes, shown, before);
  workings.set(result, { tasks, now, shown, services: byId, nodes });
  return result;
}

/** What a result was worked out from, by service id, in the order of the services. */
interface Workings {
  services: ReadonlyMap<string, ServiceView>;
  tasks: ReadonlyMap<string, readonly TaskView[]>;
  shown: ReadonlyMap<string, readonly BoardTask[]>;
  nodes: readonly NodeView[];
  now: number;
}
const workings = new WeakMap<BoardTasks, Workings>();

/** Each service's tasks in the view's order, in which those of a slot stand together, newest first. */
function groupByService(tasks: readonly TaskView[]): Map<string, readonly TaskView[]> {
  const groups = new Map<string, TaskView[]>();
  let id: string | undefined;
  let group: TaskView[] = [];
  for (const task of tasks) {
    if (task.serviceId !== id) {
      id = task.serviceId;
      group = groups.get(id) ?? [];
      groups.set(id, group);
    }
    group.push(task);
  }
  return groups;
}

/** A service's tasks on the board, by slot. */
function serviceTasks(
  service: ServiceView,
  tasks: readonly TaskView[],
  downSince: ReadonlyMap<string, number>,
  now: number,
): BoardTask[] {
  const shown: BoardTask[] = [];
  for (let at = 0, end; at < tasks.length; at = end) {
    end = slotEnd(tasks, at);
    const task = tasks[at];
    // By far the most slots hold one task that runs.
    if (task && end - at === 1 && task.state === 'running' && !task.lost) {
      shown.push(item(task, service.name, 0, null));
    } else shown.push(...slotTasks(tasks.slice(at, end), service, downSince, now));
  }
  return shown;
}

/** All the lists, made from nothing. */
function spread(
  nodes: readonly NodeView[],
  shown: ReadonlyMap<string, readonly BoardTask[]>,
  before: BoardTasks | undefined,
): BoardTasks {
  const lists = new Map<string, BoardTask[]>();
  for (const { id } of nodes) lists.set(id, []);
  const waiting: BoardTask[] = [];
  for (const list of shown.values()) {
    for (const one of list) (lists.get(one.task.nodeId ?? '') ?? waiting).push(one);
  }
  const byNode = new Map<string, readonly BoardTask[]>();
  for (const [id, list] of lists) byNode.set(id, sameList(before?.byNode.get(id), list));
  return { byNode, waiting: sameList(before?.waiting, waiting) };
}

/** The lists of those nodes made anew on which a service's tasks are not the ones they were. */
function rebuilt(
  before: BoardTasks,
  old: ReadonlyMap<string, readonly BoardTask[]>,
  shown: ReadonlyMap<string, readonly BoardTask[]>,
): BoardTasks {
  const place = ({ task: { nodeId } }: BoardTask) =>
    nodeId !== null && before.byNode.has(nodeId) ? nodeId : '';
  const fresh = new Map<string, BoardTask[]>();
  const touch = (one: BoardTask) => fresh.set(place(one), []);
  for (const [id, list] of shown) {
    const was = old.get(id) ?? [];
    if (was === list) continue;
    const [past, present] = [new Set(was), new Set(list)];
    for (const one of was) if (!present.has(one)) touch(one);
    for (const one of list) if (!past.has(one)) touch(one);
  }
  for (const list of shown.values()) {
    for (const one of list) fresh.get(place(one))?.push(one);
  }
  const waiting = fresh.get('');
  fresh.delete('');
  return {
    byNode: new Map([...before.byNode, ...fresh]),
    waiting: waiting ? sameList(before.waiting, waiting) : before.waiting,
  };
}

function sameList<T>(before: readonly T[] | undefined, after: readonly T[]): readonly T[] {
  if (before?.length !== after.length) return after;
  for (let at = 0; at < after.length; at++) if (after[at] !== before[at]) return after;
  return before;
}

/** Where the slot (or node, for a global service) ends whose tasks begin at `at`. */
function slotEnd(tasks: readonly TaskView[], at: number): number {
  const first = tasks[at];
  let end = at;
  let next;
  do next = tasks[++end];
  while (next && next.slot === first?.slot && (next.slot ?? next.nodeId === first.nodeId));
  return end;
}

/** A task's item as it was last made: the same object while it says the same. */
const made = new WeakMap<TaskView, BoardTask>();

function item(
  task: TaskView,
  service: string,
  earlierFailures: number,
  lostAt: number | null,
): BoardTask {
  const known = made.get(task);
  if (
    known?.service === service &&
    known.earlierFailures === earlierFailures &&
    known.lostAt === lostAt
  ) {
    return known;
  }
  const fresh = { id: task.id, task, service, earlierFailures, lostAt };
  made.set(task, fresh);
  return fresh;
}

function slotTasks(
  slot: readonly TaskView[],
  service: ServiceView,
  downSince: ReadonlyMap<string, number>,
  now: number,
): BoardTask[] {
  const living = slot.filter(({ state }) => !isEnded(state));
  const lastEnd = slot.find((task) => isEnded(task.state) && !cameToNothing(task));
  const shown =
    lastEnd && endIsShown(lastEnd, living, service, now) ? [...living, lastEnd] : living;
  const broken = slot.filter(({ state }) => isBroken(state));
  return shown.map((task) =>
    item(
      task,
      service.name,
      task === lastEnd && isBroken(task.state) ? broken.length - 1 : 0,
      task.lost ? (downSince.get(task.nodeId ?? '') ?? null) : null,
    ),
  );
}

/**
 * Taken away before it had settled, as an update or a rollback does with a replacement: it says
 * nothing of the slot, and what failed before it still stands.
 */
function cameToNothing({ state, createdAt, stateAt, seenAt, ranAt }: TaskView): boolean {
  const neverRan = seenAt !== null && ranAt === null;
  return state === 'shutdown' && (neverRan || stateAt - createdAt < SETTLED_MS);
}

function endIsShown(
  end: TaskView,
  living: readonly TaskView[],
  service: ServiceView,
  now: number,
): boolean {
  if (!isBroken(end.state) && end.state !== 'complete') return false;
  const successor = living.find(
    ({ desired, lost }) => stateRank(desired) <= stateRank('running') && !lost,
  );
  if (successor) {
    // By when it was seen to run: its node's clock may be hours off.
    const { counts, ranAt } = successor;
    return isBroken(end.state) && !(counts && ranAt !== null && now - ranAt >= SETTLED_MS);
  }
  // Nothing follows. A slot beyond what was asked for has nothing left to tell.
  return end.slot === null || service.replicas === null || end.slot <= service.replicas;
}
