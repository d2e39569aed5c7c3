import type { EngineService, EngineTask } from '../engine-json';
import { groupBy } from '../group-by';
import { explainWaiting } from '../hints/placement-words';
import { naturalOrder } from '../natural';
import { mostPlanned, PlacementPlan } from '../placement/plan';
import type { Snapshot } from '../snapshot';
import { mayRun, stateRank } from '../task-state';
import { counted, inSentence, listed } from '../words';
import { failureWords, rolloutWords } from './effect';

/** What a change of a node or a restart would do to tasks, before it is sent. */
export interface Preview {
  /** Everything in plain words, to be shown as it is. */
  text: string;
  /** Tasks that get another node, or the same one again (a restart). */
  moves: Move[];
  /** Tasks that end there and run nowhere else: those of global services. */
  stops: string[];
  /** Tasks that would start. */
  starts: Move[];
  /** Tasks that no node could take, each with why. */
  waits: { task: string; why: string }[];
  /** Why swarm would refuse the change; null where it would not. */
  refused: string | null;
}

/** `from` is null for a task that has no node yet. Names, as the page shows them. */
export interface Move {
  task: string;
  from: string | null;
  to: string;
}

export type SwarmLists = Pick<Snapshot, 'nodes' | 'services' | 'tasks'>;
export type NodeNames = ReadonlyMap<string, string>;

export const NOTHING: Omit<Preview, 'text'> = {
  moves: [],
  stops: [],
  starts: [],
  waits: [],
  refused: null,
};

/**
 * `docker service update --force`: every task is replaced, as many at a time as the update policy allows, each on the
 * node that swarm takes for a new one.
 */
export function restartPreview(swarm: SwarmLists, names: NodeNames, serviceId: string): Preview {
  const own = placedTasks(swarm).filter(({ task }) => task.ServiceID === serviceId);
  const service = swarm.services.find(({ ID }) => ID === serviceId);
  if (!service) return { ...NOTHING, text: 'The service is gone.' };
  const name = inSentence(service.Spec.Name);
  if (service.Spec.Mode.ReplicatedJob || service.Spec.Mode.GlobalJob) {
    const ends =
      own.length > 0 ? ` Ends now: ${counted(own.length, 'task')} of its last start.` : '';
    return { ...NOTHING, text: `${name} is a job: it starts again from the beginning.${ends}` };
  }
  if (own.length === 0) return { ...NOTHING, text: `No task of ${name} runs.` };
  if (own.length > mostPlanned(swarm.nodes.length)) {
    const text = `Replaces ${own.length} tasks of ${name}; where so many would run is not computed.`;
    return { ...NOTHING, text };
  }
  const moves: Move[] = [];
  const waits: Preview['waits'] = [];
  /** Tasks whose turn never comes, as those before them wait. */
  let left = 0;
  if (isPerNode(service)) {
    for (const { task, name: taskName } of own) {
      const node = nameOf(names, task.NodeID ?? '');
      moves.push({ task: taskName, from: node, to: node });
    }
  } else {
    const plan = new PlacementPlan(swarm, names);
    const isStartFirst = service.Spec.UpdateConfig?.Order === 'start-first';
    /** An update waits for each new task to run (swarmkit orchestrator/update/updater.go `updateTask`). */
    let together = parallelism(service) || own.length;
    let done = 0;
    while (done < own.length && together > 0) {
      const group = own.slice(done, done + together);
      done += group.length;
      if (!isStartFirst) for (const { task } of group) plan.remove(task);
      const placed = placeAll(plan, group, names);
      const waiting = new Set(placed.waits.map(({ task }) => task));
      if (isStartFirst) {
        for (const one of group) if (!waiting.has(one.name)) plan.remove(one.task);
      }
      moves.push(...placed.moves);
      waits.push(...placed.waits);
      together -= placed.waits.length;
    }
    left = own.length - done;
  }
  const before = perNode(moves.map(({ from }) => from ?? ''));
  const after = perNode(moves.map(({ to }) => to));
  const changed = [...new Set([...before.keys(), ...after.keys()])]
    .filter((node) => before.get(node) !== after.get(node))
    .sort(naturalOrder)
    .map((node) => `${inSentence(node)} ${before.get(node) ?? 0} → ${after.get(node) ?? 0}`);
  const text = [
    `Replaces ${counted(own.length, 'task')} of ${name}${rolloutWords(service.Spec, 'UpdateConfig', own.length)}`,
    changed.length > 0
      ? `Tasks per node, for example: ${listed(changed)}. Swarm chooses.`
      : waits.length === 0
        ? keepWords(service)
        : '',
    waitsInWords(waits),
    left > 0
      ? `Until then the restart goes no further: ${counted(left, 'task', 'stay')} as before.`
      : '',
    failureWords(service.Spec, 'UpdateConfig'),
  ];
  return { ...NOTHING, moves, waits, text: joined(text) };
}

/** Only a task of a global service stays on its node for sure. */
function keepWords(service: EngineService): string {
  return isPerNode(service)
    ? 'Each node keeps its task.'
    : 'Each node can keep as many as it has. Swarm chooses.';
}

/** A task with its service, as sentences call it. */
export interface Named {
  task: EngineTask;
  service: EngineService;
  /** `goweb.2` */
  name: string;
}

/** Tasks that have a node and should run there, by service and slot. */
export function placedTasks({ tasks, services }: SwarmLists): Named[] {
  return namedTasks(
    tasks.filter(({ NodeID, DesiredState, Status }) => {
      const rank = stateRank(Status.State);
      const isThere = rank >= stateRank('assigned') && rank <= stateRank('running');
      return NodeID && mayRun(DesiredState) && isThere;
    }),
    services,
  );
}

export function waitingTasks({ tasks, services }: SwarmLists): Named[] {
  return namedTasks(
    tasks.filter(
      ({ NodeID, DesiredState, Status }) =>
        !NodeID && mayRun(DesiredState) && stateRank(Status.State) <= stateRank('pending'),
    ),
    services,
  );
}

function namedTasks(tasks: readonly EngineTask[], services: readonly EngineService[]): Named[] {
  const byId = new Map(services.map((service) => [service.ID, service]));
  return tasks
    .flatMap((task) => {
      const service = byId.get(task.ServiceID);
      if (!service) return [];
      const slot = isPerNode(service) ? '' : `.${task.Slot ?? 0}`;
      return [{ task, service, name: `${service.Spec.Name}${slot}` }];
    })
    .sort((a, b) => naturalOrder(a.name, b.name));
}

/** A task of the service that has no node yet. */
export function nextTask(service: EngineService, from?: EngineTask): EngineTask {
  return {
    ID: from?.ID ?? '',
    Version: { Index: 0 },
    CreatedAt: 0,
    UpdatedAt: 0,
    ServiceID: service.ID,
    ...(from?.Slot !== undefined && { Slot: from.Slot }),
    ...(from?.NetworksAttachments !== undefined && {
      NetworksAttachments: from.NetworksAttachments,
    }),
    Spec: service.Spec.TaskTemplate,
    Status: { Timestamp: 0, State: 'pending', Message: '', Err: '' },
    DesiredState: 'running',
  };
}

/** Places the successors of tasks that were taken off their nodes. `besides`: the node that none of them can stay on. */
export function placeAll(
  plan: PlacementPlan,
  tasks: readonly Named[],
  names: NodeNames,
  besides: string | null = null,
) {
  const moves: Move[] = [];
  const waits: Preview['waits'] = [];
  for (const { task, service, name } of tasks) {
    const next = nextTask(service, task);
    const to = plan.place({ ...next, ID: `${task.ID}'` });
    if (to) {
      moves.push({ task: name, from: nameOf(names, task.NodeID ?? ''), to: to.name });
      continue;
    }
    const why = explainWaiting(next, plan.cluster, besides)?.text ?? 'no other node can take it.';
    waits.push({ task: name, why });
  }
  return { moves, waits };
}

export const isPerNode = ({ Spec }: EngineService) =>
  Boolean(Spec.Mode.Global || Spec.Mode.GlobalJob);

/** Tasks replaced at a time; 0: all. */
function parallelism({ Spec }: EngineService): number {
  return Spec.UpdateConfig ? (Spec.UpdateConfig.Parallelism ?? 1) : 1;
}

export const nameOf = (names: NodeNames, id: string) => names.get(id) ?? id.slice(0, 12);

/** Tasks that wait for the same reason are named together. */
export function waitsInWords(waits: Preview['waits']): string {
  return [...groupBy(waits, ({ why }) => why)]
    .map(
      ([why, those]) => `${listed(those.map(({ task }) => inSentence(task)))} would wait: ${why}`,
    )
    .join(' ');
}

function perNode(nodes: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) counts.set(node, (counts.get(node) ?? 0) + 1);
  return counts;
}

export const joined = (parts: readonly string[]) => parts.filter((part) => part !== '').join(' ');
