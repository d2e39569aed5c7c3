import { planDrill } from '@/lib/curl/drill';
import type { Drill, Run } from '@/lib/curl/run';
import { shell } from '@/lib/swarm/shell';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import type { SwarmView } from '@/lib/swarm/view';
import { counted } from '@/lib/swarm/words';

/** A node that can be drained, or a task that can be killed. */
export interface DrillChoice {
  readonly kind: Drill['kind'];
  /** The node's or task's id. */
  readonly id: string;
  readonly name: string;
  /** `2 tasks of goweb`; for a task its container and node. */
  readonly note: string;
  readonly slot: number | null;
  /** Running tasks of the run's service that it stops. */
  readonly tasks: number;
  /** The equivalent docker command. */
  readonly command: string;
}

type DrillView = Pick<SwarmView, 'engine' | 'nodes' | 'tasks'>;
type DrilledRun = Pick<Run['request'], 'serviceId' | 'service'>;

/** Returns the nodes that can be drained, those with running tasks of the run's service first. */
export function drainChoices(view: DrillView, run: DrilledRun): DrillChoice[] {
  return view.nodes
    .filter(({ id }) => planDrill(view, run, { kind: 'drain', node: id, seconds: 15 }).ok)
    .map((node) => {
      const { id, name } = node;
      const tasks = view.tasks.filter(
        (task) =>
          task.nodeId === id && task.phase === 'running' && task.serviceId === run.serviceId,
      ).length;
      return {
        kind: 'drain' as const,
        id,
        name,
        note:
          tasks === 0 ? `no task of ${run.service}` : `${counted(tasks, 'task')} of ${run.service}`,
        slot: null,
        tasks,
        command: shell`docker node update --availability drain ${dockerNode(view.nodes, node)}`,
      };
    })
    .toSorted((a, b) => Number(b.tasks > 0) - Number(a.tasks > 0));
}

/**
 * Returns the tasks that can be killed: those on the node whose engine the dashboard is connected to, as
 * swarm has no call that kills a task on another node.
 */
export function killChoices(view: DrillView, run: DrilledRun): DrillChoice[] {
  return view.tasks.flatMap((task) => {
    if (task.serviceId !== run.serviceId || task.phase !== 'running') return [];
    const planned = planDrill(view, run, { kind: 'kill', task: task.id });
    if (!planned.ok || planned.plan.kind !== 'kill') return [];
    const { node, container } = planned.plan;
    return [
      {
        kind: 'kill' as const,
        id: task.id,
        name: task.name,
        note: `${container} on ${node.name}`,
        slot: task.slot,
        tasks: 1,
        command: shell`docker kill ${container}`,
      },
    ];
  });
}

/** Returns a worker that runs a task if there is one; the engine's own node only if there is no other. */
export function defaultChoice(
  choices: readonly DrillChoice[],
  engineName: string,
): DrillChoice | undefined {
  return (
    choices.find(
      ({ kind, name, tasks }) => kind === 'kill' || (tasks > 0 && name !== engineName),
    ) ??
    choices.find(({ name }) => name !== engineName) ??
    choices[0]
  );
}
