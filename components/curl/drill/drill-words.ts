import type { Drill } from '@/lib/curl/run';
import { counted } from '@/lib/swarm/words';
import type { DrillChoice } from './drill-choices';

/** Describes what a drill will do, before it is confirmed. */
export function drillEffect(choice: DrillChoice, seconds: number, service: string): string {
  const { kind, name, tasks } = choice;
  if (kind === 'kill') {
    return `The container of ${name} will be killed, as in a crash. Swarm starts a replacement; requests in flight to it are lost.`;
  }
  const moves =
    tasks === 0
      ? `It runs no task of ${service}, so little should happen.`
      : `Swarm stops its ${counted(tasks, 'task')} of ${service}, and tasks of other services there, and starts replacements on other nodes.`;
  return `${name} will be drained. ${moves} After ${seconds} s its availability is restored; tasks that moved stay where they are.`;
}

/** Describes the state of a drill; `left`: seconds until the node is restored at the latest. */
export function drillProgress(drill: Drill, left: number): string {
  const { kind, node, task, state, problem } = drill;
  switch (state) {
    case 'starting':
      return kind === 'kill' ? `Killing ${task ?? 'the task'} on ${node} …` : `Draining ${node} …`;
    case 'out':
      return left > 0
        ? `${node} is drained and will be restored in ${left} s.`
        : `${node} is about to be restored.`;
    case 'returning':
      return `Restoring ${node} …`;
    case 'done':
      return kind === 'kill'
        ? `${task ?? 'The task'} on ${node} was killed.`
        : (problem ?? `${node} is restored.`);
    default:
      return `The drill failed: ${problem ?? 'the engine rejected it.'}`;
  }
}
