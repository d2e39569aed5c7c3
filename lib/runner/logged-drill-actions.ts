import { shell } from '../swarm/shell';
import type { DrillActions } from './drill';

/** One change that a drill made or tried to make. */
export interface DrillChange {
  readonly action: string;
  readonly node: string;
  /** The docker command that does the same. */
  readonly command: string;
  /** `ok`, or the kind of error. */
  readonly outcome: string;
  readonly ms: number;
}

/** Where a drill's changes are logged, and how they are named. */
export interface DrillLog {
  write(change: DrillChange): void;
  nodeName(nodeId: string): string;
  /** What docker's commands call the node. */
  dockerNode(nodeId: string): string;
  errorKind(error: unknown): string;
}

/**
 * Wraps drill actions so that each change is logged. A drill retries until its node is restored: of
 * consecutive failures only the first is logged.
 */
export function loggedDrillActions(actions: DrillActions, log: DrillLog): DrillActions {
  const failing = new Set<string>();

  async function logged<T>(action: string, node: string, command: string, act: () => Promise<T>) {
    const began = performance.now();
    const end = (outcome: string) => {
      const repeated = outcome !== 'ok' && failing.has(command);
      if (outcome === 'ok') failing.delete(command);
      else failing.add(command);
      const ms = performance.now() - began;
      if (!repeated) log.write({ action, node, command, outcome, ms });
    };
    try {
      const result = await act();
      end(result === false ? 'not-found' : 'ok');
      return result;
    } catch (error) {
      end(log.errorKind(error));
      throw error;
    }
  }

  function updated<T>(action: string, nodeId: string, availability: string, act: () => Promise<T>) {
    const node = log.nodeName(nodeId);
    const command = shell`docker node update --availability ${availability} ${log.dockerNode(nodeId)}`;
    return logged(action, node, command, act);
  }

  return {
    drainNode: (id, was) => updated('drain', id, 'drain', () => actions.drainNode(id, was)),
    restoreNode: (id, was) => updated('bring back', id, was, () => actions.restoreNode(id, was)),
    killContainer: (id) =>
      logged('kill', '', shell`docker kill ${id}`, () => actions.killContainer(id)),
  };
}
