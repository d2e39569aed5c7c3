import { planDrill } from '@/lib/curl/drill';
import type { Drill, Run } from '@/lib/curl/run';
import { shell } from '@/lib/swarm/shell';
import type { SwarmView } from '@/lib/swarm/view';
import { count } from '../words';

/** What the failure drill offers, and what it is about to do, in words. */

/** For how long a node can be taken out, in seconds. */
export const OUT_SECONDS = [5, 15, 30, 60] as const;

/** A node that can be drained, or a task that can be killed. */
export interface DrillChoice {
  readonly kind: Drill['kind'];
  /** The node's or task's id. */
  readonly id: string;
  readonly name: string;
  /** What stands there: `2 tasks of goweb`, `on ctrl`. */
  readonly note: string;
  readonly slot: number | null;
  /** How many running tasks of the run's service it takes down. */
  readonly tasks: number;
  /** The docker command that does the same. */
  readonly command: string;
}

type DrillView = Pick<SwarmView, 'engine' | 'nodes' | 'tasks'>;
type About = Pick<Run['request'], 'serviceId' | 'service'>;

/** Nodes that can be drained, those with running tasks of the run's service first. */
export function drainChoices(view: DrillView, run: About): DrillChoice[] {
  return view.nodes
    .filter(({ id }) => planDrill(view, run, { kind: 'drain', node: id, seconds: 15 }).ok)
    .map(({ id, name }) => {
      const tasks = view.tasks.filter(
        (task) =>
          task.nodeId === id && task.phase === 'running' && task.serviceId === run.serviceId,
      ).length;
      return {
        kind: 'drain' as const,
        id,
        name,
        note:
          tasks === 0 ? `no task of ${run.service}` : `${count(tasks, 'task')} of ${run.service}`,
        slot: null,
        tasks,
        command: shell`docker node update --availability drain ${name}`,
      };
    })
    .toSorted((a, b) => Number(b.tasks > 0) - Number(a.tasks > 0));
}

/** Tasks whose container can be killed: swarm has no call for it, so only on the node whose socket we hold. */
export function killChoices(view: DrillView, run: About): DrillChoice[] {
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

/** What will happen, before it is asked for. */
export function drillWords(choice: DrillChoice, seconds: number, service: string): string {
  const { kind, name, tasks } = choice;
  if (kind === 'kill') {
    return `The container of ${name} is killed, as by a crash. Swarm notices and starts a replacement; requests that it was answering are lost.`;
  }
  const moves =
    tasks === 0
      ? `It runs no task of ${service}, so little should happen.`
      : `Swarm stops its ${count(tasks, 'task')} of ${service} and starts ${tasks === 1 ? 'a replacement' : 'replacements'} elsewhere, and whatever else runs there.`;
  return `${name} is drained. ${moves} After ${seconds} s ${name} is set back to what it was; tasks that have moved stay where they are.`;
}

/** How far a drill is, as a sentence; `left` in seconds until the node comes back at the latest. */
export function drillProgress(drill: Drill, left: number): string {
  const { kind, node, task, state, problem } = drill;
  switch (state) {
    case 'starting':
      return kind === 'kill' ? `Killing ${task ?? 'the task'} on ${node} …` : `Draining ${node} …`;
    case 'out':
      return left > 0
        ? `${node} is out and comes back in ${left} s.`
        : `${node} is about to come back.`;
    case 'returning':
      return `Bringing ${node} back …`;
    case 'done':
      return kind === 'kill'
        ? `${task ?? 'The task'} on ${node} was killed.`
        : `${node} is back as it was.`;
    default:
      return `The drill did not work: ${problem ?? 'the engine refused.'}`;
  }
}
