import { sendingNodes, type LogTarget } from '../swarm/logs/target';
import type { SwarmView } from '../swarm/view';

/**
 * Notices nodes whose lines a log stream does not get any more: those that were not ready and are, and those that the
 * manager has registered anew. After a cut of a few seconds a node was never listed as down, but its version has risen.
 */
export class ReturningNodes {
  #before = new Map<string, { ready: boolean; version: number }>();

  /** Whether a node with tasks of the target is back since the last call. The first call only remembers the nodes. */
  hasReturned(view: SwarmView, target: LogTarget): boolean {
    const sending = sendingNodes(view, target);
    const returned = view.nodes.some(({ id, version }) => {
      const before = this.#before.get(id);
      return before && sending.has(id) && !(before.ready && before.version === version);
    });
    this.#before = new Map(
      view.nodes.map(({ id, state, version }) => [id, { ready: state === 'ready', version }]),
    );
    return returned;
  }
}
