import { drillRestores } from '../drill-label';
import type { EngineNode, EngineTask } from '../engine-json';
import { parseConstraints, satisfiesOne } from '../placement/constraints';
import { clusterOf, failuresOf, type Cluster } from '../placement/placement';
import { mostPlanned, PlacementPlan } from '../placement/plan';
import { unevenSpread } from '../placement/uneven';
import { shell } from '../shell';
import { counted, inSentence, listed } from '../words';
import type { NodePatch } from './node-form';
import {
  isPerNode,
  joined,
  nameOf,
  nextTask,
  NOTHING,
  placeAll,
  placedTasks,
  waitingTasks,
  waitsInWords,
  type Move,
  type Named,
  type NodeNames,
  type Preview,
  type SwarmLists,
} from './previews';
import { removalRefused } from './removal';

/** What a change of a node would do to tasks. */
export interface NodePreview extends Preview {
  /** In short, without the names of the tasks. */
  summary: string;
  /** What a person should know before, a sentence each; `text` has them too. */
  warnings: string[];
  /** Services that a restart would spread to the node: swarm moves nothing there by itself. */
  rebalance: { id: string; service: string; text: string }[];
}

/** Where this dashboard runs, as far as it knows. */
export interface Own {
  /** Whether it runs in this task. */
  isTask: (task: EngineTask) => boolean;
  /** The node whose machine it runs on, the id; null if it is another machine or not known. */
  nodeId: string | null;
}

const UNKNOWN: Own = { isTask: () => false, nodeId: null };

/** Services that are offered to be spread anew. */
const MOST_UNEVEN = 6;

const NO_CHANGE: Omit<NodePreview, 'text' | 'summary'> = {
  ...NOTHING,
  warnings: [],
  rebalance: [],
};

const only = (text: string, refused: string | null = null): NodePreview => ({
  ...NO_CHANGE,
  text,
  summary: text,
  refused,
});

/**
 * `docker node update`. Swarm ends the tasks of a drained node; on an active one it rejects those whose constraints the
 * node no longer satisfies, and it touches no task of a paused one (swarmkit manager/orchestrator/constraintenforcer).
 */
export function nodePreview(
  swarm: SwarmLists,
  names: NodeNames,
  nodeId: string,
  patch: NodePatch,
  own: Own = UNKNOWN,
): NodePreview {
  const node = swarm.nodes.find(({ ID }) => ID === nodeId);
  const name = inSentence(nameOf(names, nodeId));
  if (!node) return only(`${name} is no part of the swarm.`);
  const after = patched(node, patch);
  const changed = {
    ...swarm,
    nodes: swarm.nodes.map((one) => (one.ID === nodeId ? after : one)),
  };
  const there = placedTasks(swarm).filter(({ task }) => task.NodeID === nodeId);
  const leaving = there.filter(({ task }) => hasToLeave(task, after));
  const ending = leaving.filter(({ service }) => isPerNode(service));
  const moving = leaving.filter(({ service }) => !isPerNode(service));
  const plan = new PlacementPlan(changed, names);
  for (const { task } of leaving) plan.remove(task);
  const planned = moving.slice(0, mostPlanned(swarm.nodes.length));
  const { moves, waits } = placeAll(plan, planned, names, nodeId);
  const starts = isOpen(after) ? startsThere(swarm, names, after, plan) : [];
  const rebalance =
    isOpen(after) && !isOpen(node) ? unevenServices(changed, after, plan.cluster) : [];
  const facts = { node, after, name, patch, own, there, leaving, moves, waits };
  const warnings = [...ownWarnings(facts), ...drillWarnings(facts)];
  const more = moving.length - planned.length;
  const lead = availabilityWords(facts);
  const text = [
    ...lead,
    movesInWords(moves, patch.availability === 'drain' ? `Draining ${name} moves` : 'Moves'),
    more > 0 ? `Moves ${counted(more, 'more task')}.` : '',
    ending.length > 0 ? `Ends there: ${listed(servicesOf(ending))}.${stays(after)}` : '',
    waitsInWords(waits),
    starts.length > 0 ? `Starts there: ${listed(starts.map(({ task }) => inSentence(task)))}.` : '',
    rebalance.length > 0
      ? `A restart spreads ${listed(rebalance.map(({ service }) => inSentence(service)))} anew.`
      : '',
    ...warnings,
  ];
  const stops = ending.map((one) => one.name);
  const summary = joined([...lead, placesInWords(moves.length, waits.length, more)]);
  return {
    ...NO_CHANGE,
    moves,
    stops,
    starts,
    waits,
    warnings,
    rebalance,
    summary,
    text: joined(text),
  };
}

/** `docker node rm`: swarm removes a node that is not connected, and no manager. */
export function removeNodePreview(
  swarm: SwarmLists,
  names: NodeNames,
  nodeId: string,
): NodePreview {
  const node = swarm.nodes.find(({ ID }) => ID === nodeId);
  const name = inSentence(nameOf(names, nodeId));
  if (!node) return only(`${name} is no part of the swarm.`);
  const state = node.Status.State;
  const isMember = Boolean(node.ManagerStatus);
  const refused = removalRefused({ role: node.Spec.Role, isMember, state, name });
  if (refused !== null) return only(refused, refused);
  const there = placedTasks(swarm).filter(({ task }) => task.NodeID === nodeId);
  const lost =
    there.length > 0
      ? ` ${counted(there.length, 'task')} whose state is unknown ${there.length === 1 ? 'is' : 'are'} forgotten with it.`
      : '';
  const labels = Object.keys(node.Spec.Labels).map(inSentence);
  const forgotten =
    labels.length === 0
      ? ''
      : ` ${counted(labels.length, 'label')} of it will be lost: ${listed(labels)}.`;
  const away =
    state === 'down'
      ? ''
      : `${name} is ${inSentence(state)}: it may be back by itself in a moment. `;
  return only(
    `${away}${name} leaves the swarm; to come back it has to join again.${lost}${forgotten}`,
  );
}

function patched(node: EngineNode, { availability, role, labels = {} }: NodePatch): EngineNode {
  const kept = Object.entries(node.Spec.Labels).filter(([label]) => labels[label] !== null);
  const set = Object.entries(labels).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return {
    ...node,
    Spec: {
      Labels: Object.fromEntries([...kept, ...set]),
      Role: role ?? node.Spec.Role,
      Availability: availability ?? node.Spec.Availability,
    },
  };
}

const isOpen = ({ Status, Spec }: EngineNode) =>
  Status.State === 'ready' && Spec.Availability === 'active';

function hasToLeave({ Spec }: EngineTask, node: EngineNode): boolean {
  if (node.Spec.Availability === 'drain') return true;
  if (node.Spec.Availability !== 'active') return false;
  const constraints = parseConstraints(Spec.Placement?.Constraints ?? []) ?? [];
  return constraints.some((one) => one.kind !== 'unreadable' && !satisfiesOne(one, node));
}

/** Tasks that the change lets start on the node: of global services, and those that wait for such a node. */
function startsThere(
  swarm: SwarmLists,
  names: NodeNames,
  node: EngineNode,
  plan: PlacementPlan,
): Move[] {
  const name = nameOf(names, node.ID);
  const before = clusterOf(swarm, names);
  const failsBefore = (task: EngineTask) =>
    before.loads.some(
      (load) => load.node.ID === node.ID && failuresOf(task, load, before).length > 0,
    );
  const starts: Move[] = [];
  for (const service of swarm.services.filter(isPerNode)) {
    const has = placedTasks(swarm).some(
      ({ task }) => task.NodeID === node.ID && task.ServiceID === service.ID,
    );
    const task = nextTask(service);
    const { cluster } = plan;
    const load = cluster.loads.find((one) => one.node.ID === node.ID);
    if (has || service.Spec.Mode.GlobalJob || !load || !failsBefore(task)) continue;
    if (failuresOf(task, load, cluster).length === 0) {
      starts.push({ task: `${service.Spec.Name} on ${name}`, from: null, to: name });
    }
  }
  const waiting = waitingTasks(swarm).slice(0, mostPlanned(swarm.nodes.length));
  for (const { task, name: taskName } of waiting) {
    const opened = failsBefore(task);
    const to = plan.place(task);
    if (opened && to?.node.ID === node.ID) starts.push({ task: taskName, from: null, to: name });
  }
  return starts;
}

/** Services of which the node would have no task although another one has several. */
function unevenServices(
  { services, tasks }: SwarmLists,
  node: EngineNode,
  cluster: Cluster,
): NodePreview['rebalance'] {
  const rebalance: NodePreview['rebalance'] = [];
  for (const service of services) {
    const running = placedTasks({ nodes: [], services: [service], tasks });
    const text = unevenSpread(
      service,
      running.map(({ task }) => ({ nodeId: task.NodeID ?? null })),
      [node],
      () => cluster,
    );
    if (text !== null) rebalance.push({ id: service.ID, service: service.Spec.Name, text });
    if (rebalance.length === MOST_UNEVEN) break;
  }
  return rebalance;
}

/** What the sentences on a change are made from. */
interface Facts {
  node: EngineNode;
  after: EngineNode;
  /** For a sentence. */
  name: string;
  patch: NodePatch;
  own: Own;
  /** Tasks on the node, and those of them that the change ends there. */
  there: readonly Named[];
  leaving: readonly Named[];
  moves: readonly Move[];
  waits: Preview['waits'];
}

const STATE = { active: 'active', pause: 'paused', drain: 'drained', unknown: 'unknown' } as const;

function availabilityWords({ node, after, name, patch, there }: Facts): string[] {
  const { availability } = patch;
  if (availability === undefined) return [];
  if (availability === node.Spec.Availability)
    return [`${name} is ${STATE[availability]} already.`];
  if (availability === 'pause') {
    const keep =
      there.length === 0 ? [] : [`${counted(there.length, 'task', 'keep')} running there.`];
    return [...keep, `${name} takes no new tasks.`];
  }
  if (availability === 'drain') {
    return [
      there.length === 0 ? `Nothing runs on ${name}.` : '',
      after.Spec.Role === 'manager' ? `${name} stays a manager.` : '',
    ];
  }
  if (node.Status.State !== 'ready') {
    return [`${name} is ${node.Status.State}: it takes new tasks when it is ready again.`];
  }
  return [`${name} takes new tasks again; running tasks stay where they are.`];
}

/** What a drain would do to this dashboard. */
function ownWarnings({ node, name, patch, own, there, leaving, moves, waits }: Facts): string[] {
  const mine = leaving.find(({ task }) => own.isTask(task));
  if (!mine) {
    const stays =
      patch.availability === 'drain' &&
      node.ID === own.nodeId &&
      !there.some(({ task }) => own.isTask(task));
    return stays ? [`This dashboard runs on ${name} outside the swarm, so it stays there.`] : [];
  }
  const as = `This dashboard itself runs on ${name}, as ${inSentence(mine.name)}`;
  const to = moves.find(({ task }) => task === mine.name)?.to;
  if (to !== undefined) {
    return [
      `${as}: it starts again on another node, for example ${inSentence(to)}, and this page waits for it.`,
    ];
  }
  const back =
    patch.availability === 'drain'
      ? ` To bring it back, run \`${shell`docker node update --availability active ${node.ID}`}\` on a manager.`
      : '';
  const waiting = waits.some(({ task }) => task === mine.name);
  return [`${as}, and ends there${waiting ? '; no other node can take it' : ''}.${back}`];
}

function drillWarnings({ node, name, patch }: Facts): string[] {
  const restores = drillRestores(node.Spec.Labels);
  if (restores === null || patch.availability === undefined) return [];
  return [
    `A failure drill drained ${name} and would make it ${STATE[restores]} again; this change ends that.`,
  ];
}

/** Whether the other nodes can take the tasks that leave. */
function placesInWords(moves: number, waits: number, unknown: number): string {
  if (moves + waits === 0) return '';
  const rest = unknown > 0 ? ` Where ${unknown} more would run is not computed.` : '';
  if (waits === 0) {
    const all = moves === 1 ? '1 task moves: another node' : `${moves} tasks move: the other nodes`;
    return `${all} can take ${moves === 1 ? 'it' : 'them all'}.${rest}`;
  }
  const what = moves === 0 ? counted(waits, 'task') : `${waits} of ${moves + waits} tasks`;
  return `${what} would wait, as no other node can take ${waits === 1 ? 'it' : 'them'}.${rest}`;
}

/** With constraints a global service is not on every node. */
const stays = ({ Spec }: EngineNode) =>
  Spec.Availability === 'drain' ? ' A task of a global service moves to no other node.' : '';

function servicesOf(tasks: readonly Named[]): string[] {
  return [...new Set(tasks.map(({ service }) => inSentence(service.Spec.Name)))];
}

function movesInWords(moves: readonly Move[], begin: string): string {
  if (moves.length === 0) return '';
  const each = moves.map(({ task, to }) => `${inSentence(task)} to ${inSentence(to)}`);
  return `${begin} ${counted(moves.length, 'task')}, for example ${listed(each)}. Swarm chooses.`;
}
