import type { SwarmAction } from '../swarm/timeline-schemas';
import { counted } from '../swarm/words';
import { planWords } from './plan';
import type { Drill, Run } from './run';

/** What the timeline says about runs and drills. Each text reads alone and before `at 12:04:31`. */

/** The start of a run. */
export function runStarted({ request }: Pick<Run, 'request'>): SwarmAction {
  const text = `Curl run to ${request.service} started (${planWords(request)})`;
  return action('run started', text, { serviceId: request.serviceId });
}

/** The end of a run. */
export function runEnded({
  request,
  sent,
  failed,
}: Pick<Run, 'request' | 'sent' | 'failed'>): SwarmAction {
  const result = failed === 0 ? counted(sent, 'request') : `${failed} of ${sent} requests failed`;
  const text = `Curl run to ${request.service} ended (${result})`;
  return action('run ended', text, { serviceId: request.serviceId, bad: failed > 0 });
}

/** The start of a drill. */
export function drillStarted({ kind, node, nodeId, task, taskId }: Drill): SwarmAction {
  const what = kind === 'drain' ? `${node} is drained` : `${task ?? 'a task'} on ${node} is killed`;
  return action('drill started', `Failure drill started: ${what}`, { nodeId, taskId });
}

/** The end of a drill. */
export function drillEnded({ kind, node, nodeId, taskId, state, problem }: Drill): SwarmAction {
  const bad = state === 'failed';
  const result = kind === 'drain' ? (problem ?? `${node} was restored`) : 'the task was killed';
  const text = bad
    ? `Failure drill failed: ${problem ?? 'unknown error'}`
    : `Failure drill ended: ${result}`;
  return action('drill ended', text, { nodeId, taskId, bad });
}

function action(
  kind: SwarmAction['kind'],
  text: string,
  about: Partial<Omit<SwarmAction, 'kind' | 'text'>>,
): SwarmAction {
  return {
    kind,
    text,
    bad: false,
    serviceId: null,
    nodeId: null,
    taskId: null,
    time: null,
    ...about,
  };
}
