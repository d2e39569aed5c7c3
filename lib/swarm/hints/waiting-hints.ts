import type { EngineTask } from '../engine-json';
import type { Cluster } from '../placement/placement';
import { explainWaiting } from './placement-words';
import { mayRun } from '../task-state';
import type { Hint } from './waiting-reasons';
import { inSentence } from '../words';

/** Why a task waits; undefined when it does not, or where the engine's lists of nodes or services are refused. */
export type WaitingHints = (task: EngineTask) => Hint | null | undefined;

/**
 * A new task gets its addresses within a second. If none is free it stays `new` forever, without an error:
 * the reason is in the leader's log alone (moby/moby#37338, #35849).
 */
const ALLOCATION_MS = 15_000;

function unallocated(cluster: Cluster): Hint {
  const leader = cluster.loads.find(({ node }) => node.ManagerStatus?.Leader)?.name;
  const where = leader === undefined ? 'the leader' : inSentence(leader);
  return {
    help: 'no-addresses',
    text: `Swarm has not given this task its network addresses. \`journalctl -u docker\` on ${where} has the reason, most often that the network has no address left.`,
  };
}

/**
 * Explains the waiting tasks of one snapshot. `ageOf`: how long ago a task was created (ms). Tasks that the scheduler treats alike share one
 * explanation: hundreds of a service can wait.
 */
export function waitingHints(
  cluster: () => Cluster,
  ageOf: (task: EngineTask) => number,
): WaitingHints {
  const known = new Map<string, Hint | null>();
  return (task) => {
    const { State, Err } = task.Status;
    if (State === 'new' && Err === '' && mayRun(task.DesiredState)) {
      return ageOf(task) > ALLOCATION_MS ? unallocated(cluster()) : undefined;
    }
    if (State !== 'pending' || Err === '') return undefined;
    const { loads, services } = cluster();
    if (loads.length === 0 || !services.has(task.ServiceID)) return undefined;
    // The slot shows whether the task replaces the one that has its port.
    const slot = /host-mode/.test(Err) ? task.Slot : null;
    const { ServiceID, NodeID, Spec, NetworksAttachments } = task;
    const key = JSON.stringify([ServiceID, NodeID, Err, slot, Spec, NetworksAttachments]);
    const found = known.get(key);
    if (found !== undefined) return found;
    const made = explainWaiting(task, cluster());
    known.set(key, made);
    return made;
  };
}
