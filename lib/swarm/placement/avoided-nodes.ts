import type { EngineService, EngineTask } from '../engine-json';
import { groupBy } from '../group-by';
import { failuresOf, type Cluster } from './placement';
import { shell } from '../shell';
import type { Snapshot } from '../snapshot';
import { inSentence } from '../words';

/**
 * Nodes that swarm's scheduler avoids for a service: where it has failed at least `MAX_FAILURES` times
 * within `WINDOW_MS`, it is placed only when no other node has fewer failures (swarmkit
 * manager/scheduler: `scheduler.go`, `nodeinfo.go`). Failures are counted by version of the service's
 * spec, so every update resets them, scaling included. The leader keeps the counts in memory; they are not
 * in the API.
 */
const MAX_FAILURES = 5;
const WINDOW_MS = 5 * 60_000;

/** A service that fails on every node counts as still failing for this long after its last failure (ms). */
const QUIET_MS = 15_000;

/** Maximum length of the command in a hint; a service's name has at most 63 characters. */
const LONGEST_COMMAND = 120;

interface KnownFailure {
  serviceId: string;
  nodeId: string;
  /** By the dashboard's clock. */
  at: number;
}

/** What is kept of failures between two views; the engine forgets all but the last tasks of a slot. */
export interface FailureMemory {
  leader: string | null;
  /** By service id: the service as last seen, and since when (by the manager's clock) it has its spec. */
  specs: ReadonlyMap<string, { service: EngineService; since: number }>;
  /** By task id. */
  failures: ReadonlyMap<string, KnownFailure>;
}

/** Where the first view starts from. */
export const NO_FAILURES: FailureMemory = { leader: null, specs: new Map(), failures: new Map() };

/** A service that swarm places elsewhere, and until when at most. */
export interface Avoidance {
  service: string;
  /** The rest of a sentence that begins with the time. */
  text: string;
  until: number;
}

/**
 * The failures of the last minutes. `wasFailed`: whether the task had failed by the view before;
 * `seen`: the dashboard's time of something seen first now, from its time by the manager's clock.
 */
export function rememberFailures(
  { nodes, services, tasks }: Pick<Snapshot, 'nodes' | 'services' | 'tasks'>,
  before: FailureMemory,
  wasFailed: (taskId: string) => boolean,
  seen: (reported: number, taskId: string) => number,
  now: number,
): FailureMemory {
  const leader = nodes.find(({ ManagerStatus }) => ManagerStatus?.Leader)?.ID ?? before.leader;
  const specs = new Map(
    services.map((service) => [service.ID, specOf(service, before.specs.get(service.ID))]),
  );
  const failures = new Map<string, KnownFailure>();
  // A new leader starts to count from nothing.
  const same = before.leader === null || before.leader === leader;
  for (const [id, failure] of same ? before.failures : []) {
    const unchanged =
      specs.get(failure.serviceId)?.since === before.specs.get(failure.serviceId)?.since;
    if (unchanged && failure.at > now - WINDOW_MS) failures.set(id, failure);
  }
  for (const task of tasks) {
    if (!countsAsFailure(task, specs.get(task.ServiceID)) || wasFailed(task.ID)) continue;
    const at = seen(task.UpdatedAt, task.ID);
    if (at > now - WINDOW_MS) {
      failures.set(task.ID, { serviceId: task.ServiceID, nodeId: task.NodeID ?? '', at });
    }
  }
  return { leader, specs, failures };
}

/** Since when the service has its spec. Every update replaces `PreviousSpec` too. */
function specOf(
  service: EngineService,
  before: { service: EngineService; since: number } | undefined,
): { service: EngineService; since: number } {
  if (!before) {
    return { service, since: service.PreviousSpec ? service.UpdatedAt : service.CreatedAt };
  }
  const text = ({ Spec, PreviousSpec }: EngineService) => JSON.stringify([Spec, PreviousSpec]);
  const same =
    before.service.Version.Index === service.Version.Index ||
    text(before.service) === text(service);
  return { service, since: same ? before.since : service.UpdatedAt };
}

/** Whether the scheduler counts the task's end as a failure. It does not choose the nodes of global services. */
function countsAsFailure(
  { NodeID, Status, CreatedAt }: EngineTask,
  spec: { service: EngineService; since: number } | undefined,
): boolean {
  const failed = Status.State === 'failed' || Status.State === 'rejected';
  if (!failed || !NodeID || !spec || CreatedAt < spec.since) return false;
  const { Mode } = spec.service.Spec;
  return !Mode.Global && !Mode.GlobalJob;
}

/** Whether any node has enough failures to be avoided. */
export function mayAvoid({ failures }: FailureMemory): boolean {
  return failures.size >= MAX_FAILURES;
}

/** By node id, the services for which swarm avoids the node. */
export function avoidedNodes(
  { failures }: FailureMemory,
  cluster: Cluster,
  now: number,
): Map<string, Avoidance[]> {
  const avoided = new Map<string, Avoidance[]>();
  for (const [serviceId, own] of groupBy(failures.values(), (one) => one.serviceId)) {
    const service = cluster.services.get(serviceId);
    if (!service || own.length < MAX_FAILURES) continue;
    const times = groupBy(own, ({ nodeId }) => nodeId);
    const task = { ServiceID: serviceId, Spec: service.Spec.TaskTemplate };
    const fit = cluster.loads
      .filter((load) => failuresOf(task, load, cluster).length === 0)
      .map(({ node, name }) => ({ id: node.ID, name, failures: times.get(node.ID) ?? [] }));
    const fewest = Math.min(...fit.map(({ failures: those }) => those.length));
    const last = Math.max(...own.map(({ at }) => at));
    // While it fails on every node, the one with the fewest failures changes with each of them.
    if (fewest >= MAX_FAILURES && now - last < QUIET_MS) continue;
    const enough = Math.max(fewest + 1, MAX_FAILURES);
    for (const one of fit.filter(({ failures: those }) => those.length >= enough)) {
      const until = fewest === 0 ? lapseOf(one) : avoidedUntil(one, fit);
      const list = avoided.get(one.id) ?? [];
      list.push({ service: service.Spec.Name, text: words(service.Spec.Name, one.name), until });
      avoided.set(one.id, list);
    }
  }
  return avoided;
}

interface FailingNode {
  failures: readonly KnownFailure[];
}

/** When a node has fewer than `MAX_FAILURES` again. */
function lapseOf({ failures }: FailingNode): number {
  const times = failures.map(({ at }) => at).sort((a, b) => a - b);
  return (times.at(-MAX_FAILURES) ?? 0) + WINDOW_MS;
}

/** Until when at most a node that is avoided now has more failures than another one. */
function avoidedUntil(node: FailingNode, all: readonly FailingNode[]): number {
  const lapse = lapseOf(node);
  const count = ({ failures }: FailingNode, at: number) =>
    failures.filter((one) => at - one.at <= WINDOW_MS).length;
  const isAvoided = (at: number) => {
    const own = count(node, at);
    return own >= MAX_FAILURES && all.some((other) => count(other, at) < own);
  };
  const ends = all.flatMap(({ failures }) => failures.map(({ at }) => at + WINDOW_MS));
  return (
    ends
      .filter((end) => end < lapse)
      .sort((a, b) => a - b)
      .find((end) => !isAvoided(end + 1)) ?? lapse
  );
}

function words(service: string, node: string): string {
  const update = shell`docker service update --force ${service}`;
  const command = update.length > LONGEST_COMMAND ? '' : `: \`${update}\``;
  return `swarm avoids ${inSentence(node)} for ${inSentence(service)}, which failed here ${MAX_FAILURES} times or more in 5 minutes. An update of the service ends it${command}.`;
}
