import { isBroken, isEnded, stateRank } from './task-state';
import type { NodeView, ServiceView, SwarmView, TaskView } from './view';

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
  /** For a lost task: when swarm made its replacement, the best known time of the loss. */
  lostAt: number | null;
}

/** The board's tasks: by node id, and those that no node has yet. */
export interface BoardTasks {
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
  /** Without a node, or on a node that has left the swarm. */
  waiting: readonly BoardTask[];
}

/** One of the HAT's places, taken or not. */
export interface Place {
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
  places: Place[];
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
 * Lists of `before` and items of any earlier call that would come out equal are given again, so
 * that with thousands of tasks one change costs a walk and what it touches is drawn anew.
 */
export function boardTasks(
  view: Pick<SwarmView, 'services' | 'tasks' | 'nodes'>,
  now: number,
  before?: BoardTasks,
): BoardTasks {
  const { tasks } = view;
  const nodes = new Map<string, BoardTask[]>();
  for (const { id } of view.nodes) nodes.set(id, []);
  const waiting: BoardTask[] = [];
  const place = (shown: BoardTask) => {
    (nodes.get(shown.task.nodeId ?? '') ?? waiting).push(shown);
  };
  const runs = runsByService(tasks);
  for (const service of view.services) {
    for (const [from, to] of runs.get(service.id) ?? []) {
      for (let at = from, end; at < to; at = end) {
        end = slotEnd(tasks, at, to);
        const task = tasks[at];
        // By far the most slots hold one task that runs.
        if (task && end - at === 1 && task.state === 'running' && !task.lost) {
          place(item(task, service.name, 0, null));
        } else slotTasks(tasks.slice(at, end), service, now).forEach(place);
      }
    }
  }
  const byNode = new Map<string, readonly BoardTask[]>();
  for (const [id, list] of nodes) byNode.set(id, sameList(before?.byNode.get(id), list));
  return { byNode, waiting: sameList(before?.waiting, waiting) };
}

function sameList<T>(before: readonly T[] | undefined, after: readonly T[]): readonly T[] {
  if (before?.length !== after.length) return after;
  for (let at = 0; at < after.length; at++) if (after[at] !== before[at]) return after;
  return before;
}

/** Where in the view's list each service's tasks stand, by its id: from, and up to. */
function runsByService(tasks: readonly TaskView[]): Map<string, [from: number, to: number][]> {
  const services = new Map<string, [number, number][]>();
  for (let from = 0, to; from < tasks.length; from = to) {
    const id = tasks[from]?.serviceId ?? '';
    for (to = from + 1; tasks[to]?.serviceId === id; to++);
    const runs = services.get(id);
    if (runs) runs.push([from, to]);
    else services.set(id, [[from, to]]);
  }
  return services;
}

/** Where the slot (or node, for a global service) ends whose tasks, newest first, begin at `at`. */
function slotEnd(tasks: readonly TaskView[], at: number, to: number): number {
  const first = tasks[at];
  for (let end = at + 1; end < to; end++) {
    const next = tasks[end];
    if (next?.slot !== first?.slot) return end;
    if (next?.slot === null && next.nodeId !== first?.nodeId) return end;
  }
  return to;
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

function slotTasks(slot: readonly TaskView[], service: ServiceView, now: number): BoardTask[] {
  const living = slot.filter(({ state }) => !isEnded(state));
  const lastEnd = slot.find(({ state }) => isEnded(state));
  const shown =
    lastEnd && endIsShown(lastEnd, living, service, now) ? [...living, lastEnd] : living;
  const broken = slot.filter(({ state }) => isBroken(state));
  return shown.map((task) =>
    item(
      task,
      service.name,
      task === lastEnd && isBroken(task.state) ? broken.length - 1 : 0,
      task.lost ? replacedAt(task, slot) : null,
    ),
  );
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
    return isBroken(end.state) && !(successor.counts && now - successor.stateAt >= SETTLED_MS);
  }
  // Nothing follows. A slot beyond what was asked for has nothing left to tell.
  return end.slot === null || service.replicas === null || end.slot <= service.replicas;
}

function replacedAt(lost: TaskView, slot: readonly TaskView[]): number | null {
  const later = slot.map(({ createdAt }) => createdAt).filter((at) => at > lost.createdAt);
  return later.length > 0 ? Math.min(...later) : null;
}
