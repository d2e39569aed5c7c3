import type { Agent } from './agent';
import type { Timer } from './clock';
import { isOnNode } from './orchestrator/tasks';
import type { Store } from './store';

/** Swarm's heartbeats: one every 5 ± 0.5 s; a node is down after three missed ones. */
const HEARTBEAT_MS = 5000;
const SPREAD_MS = 500;
const MISSED = 3;
/** How long a node takes to register again: to boot after a power loss, to reconnect after a cut link. */
const RETURN_MS = { power: { least: 4000, most: 8000 }, link: { least: 1000, most: 3000 } };
/** A cut of the network that is shorter does not end a node's session with the manager. */
const SESSION_MS = 5000;
/** Tasks of a node that stays down are orphaned after a day. */
const ORPHAN_MS = 24 * 60 * 60_000;

/** The manager's record of which nodes are reachable: sets `down` after missed heartbeats and `ready` on return. */
export class Dispatcher {
  private readonly agents = new Map<string, Agent>();
  private readonly silent = new Map<string, Timer>();
  /** When each node was last lost (ms). */
  private readonly lostAt = new Map<string, number>();
  /** Nodes that will register again, by `ID/power` or `ID/link`. */
  private readonly returning = new Map<string, Timer>();

  /** `onReach` is called when a node becomes unreachable or reachable. `canWrite`: whether there is a majority of managers. */
  constructor(
    private readonly store: Store,
    private readonly onReach: (nodeId: string, reachable: boolean) => void,
    private readonly canWrite: () => boolean,
  ) {
    store.onChange((change) => {
      if (change.kind !== 'task' || change.action === 'remove') return;
      const agent = this.agents.get(change.record.api.NodeID ?? '');
      agent?.handle(change.record);
    });
  }

  register(nodeId: string, agent: Agent): void {
    this.agents.set(nodeId, agent);
  }

  agentOf(nodeId: string): Agent | undefined {
    return this.agents.get(nodeId);
  }

  /** Forgets a removed node. */
  forget(nodeId: string): void {
    this.agents.delete(nodeId);
    this.store.clock.cancel(this.silent.get(nodeId));
    this.silent.delete(nodeId);
    this.cancelReturn(nodeId, 'power');
    this.cancelReturn(nodeId, 'link');
  }

  /** The node stops sending heartbeats: it is down 13.5 to 16.5 s after the last one. */
  lost(nodeId: string, by: keyof typeof RETURN_MS): void {
    this.cancelReturn(nodeId, by);
    if (this.silent.has(nodeId)) return;
    const { clock, random } = this.store;
    this.lostAt.set(nodeId, clock.now());
    this.onReach(nodeId, false);
    const period = random.between(HEARTBEAT_MS - SPREAD_MS, HEARTBEAT_MS + SPREAD_MS);
    const sinceLast = random.between(0, period);
    this.silent.set(
      nodeId,
      clock.after(MISSED * period - sinceLast, () => this.down(nodeId)),
    );
  }

  /** The node will register again. `onReturn` lets its agent report before it receives tasks. */
  found(nodeId: string, by: keyof typeof RETURN_MS, onReturn: (agent: Agent) => void): void {
    this.cancelReturn(nodeId, by);
    const { clock, random } = this.store;
    const { least, most } = RETURN_MS[by];
    const back = clock.after(random.between(least, most), () => this.back(nodeId, onReturn));
    this.returning.set(`${nodeId}/${by}`, back);
  }

  /** Brings the node back at once. */
  restore(nodeId: string): void {
    this.cancelReturn(nodeId, 'power');
    this.cancelReturn(nodeId, 'link');
    if (!this.agents.get(nodeId)?.isRunning) this.back(nodeId, (agent) => agent.restore());
  }

  private cancelReturn(nodeId: string, by: keyof typeof RETURN_MS): void {
    this.store.clock.cancel(this.returning.get(`${nodeId}/${by}`));
    this.returning.delete(`${nodeId}/${by}`);
  }

  private back(nodeId: string, onReturn: (agent: Agent) => void): void {
    const { store } = this;
    const agent = this.agents.get(nodeId);
    if (!agent) return;
    onReturn(agent);
    // It has power but no link yet, or the other way round.
    if (!agent.isRunning) return;
    store.clock.cancel(this.silent.get(nodeId));
    this.silent.delete(nodeId);
    const cutMs = store.clock.now() - (this.lostAt.get(nodeId) ?? 0);
    this.onReach(nodeId, true);
    const node = store.nodes.get(nodeId);
    if (!node || (node.api.Status.State === 'ready' && cutMs < SESSION_MS)) return;
    // It registers anew: a write even if it was never listed as down.
    store.updateNode(node, (api) => {
      api.Status = { State: 'ready', Addr: api.Status.Addr };
    });
  }

  private down(nodeId: string): void {
    const { store } = this;
    const node = store.nodes.get(nodeId);
    if (!node) return;
    if (!this.canWrite()) {
      this.silent.set(
        nodeId,
        store.clock.after(HEARTBEAT_MS, () => this.down(nodeId)),
      );
      return;
    }
    store.updateNode(node, (api) => {
      api.Status = { State: 'down', Message: 'heartbeat failure', Addr: api.Status.Addr };
    });
    this.silent.set(
      nodeId,
      store.clock.after(ORPHAN_MS, () => this.orphan(nodeId)),
    );
  }

  private orphan(nodeId: string): void {
    const { store } = this;
    for (const task of store.tasksOnNode(nodeId)) {
      if (!isOnNode(task)) continue;
      store.updateTask(task, (api) => {
        api.Status = { ...api.Status, Timestamp: store.stamp(), State: 'orphaned' };
      });
    }
  }
}
