import type { EngineTask } from './engine-json';
import type { Cluster } from './placement';
import { explainWaiting } from './placement-words';
import type { Hint } from './waiting-reasons';

/** Why a task waits; undefined when it does not, or where the engine's lists of nodes or services are refused. */
export type WaitingHints = (task: EngineTask) => Hint | null | undefined;

/**
 * Explains the waiting tasks of one snapshot. Tasks that the scheduler treats alike share one
 * explanation: hundreds of a service can wait.
 */
export function waitingHints(cluster: () => Cluster): WaitingHints {
  const known = new Map<string, Hint | null>();
  return (task) => {
    const { State, Err } = task.Status;
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
