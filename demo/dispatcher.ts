import { stateRank } from '@/lib/swarm/task-state';
import type { Agent } from './agent';
import type { Timer } from './clock';
import type { Store } from './store';

/** Swarm's heartbeat: every 5 s, give or take half a second, three of them may be missed. */
const HEARTBEAT_MS = 5000;
const SPREAD_MS = 500;
const MISSED = 3;
/** How long a node takes to register again, by what kept it away: a boot, or the next try to connect. */
const RETURN_MS = { power: { least: 4000, most: 8000 }, link: { least: 1000, most: 3000 } };
/** Tasks of a node that stays down are written off after a day. */
const ORPHAN_MS = 24 * 60 * 60_000;

/** The manager's view of who is there: turns silence into `down` and a sign of life into `ready`. */
export class Dispatcher {
  private readonly agents = new Map<string, Agent>();
  private readonly silent = new Map<string, Timer>();
  /** Nodes on their way back, `ID/power` or `ID/link`. */
  private readonly returning = new Map<string, Timer>();

  /** `onReach` hears of every node that falls silent or is heard again. */
  constructor(
    private readonly store: Store,
    private readonly onReach: (nodeId: string, reachable: boolean) => void,
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

  /** A removed node is nobody's any more. */
  forget(nodeId: string): void {
    this.agents.delete(nodeId);
    this.store.clock.cancel(this.silent.get(nodeId));
    this.silent.delete(nodeId);
    this.stay(nodeId, 'power');
    this.stay(nodeId, 'link');
  }

  /** The node says nothing from now on: down 13.5 to 16.5 s after its last heartbeat. */
  lost(nodeId: string, by: keyof typeof RETURN_MS): void {
    this.stay(nodeId, by);
    if (this.silent.has(nodeId)) return;
    const { clock, random } = this.store;
    this.onReach(nodeId, false);
    const period = random.between(HEARTBEAT_MS - SPREAD_MS, HEARTBEAT_MS + SPREAD_MS);
    const sinceLast = random.between(0, period);
    this.silent.set(
      nodeId,
      clock.after(MISSED * period - sinceLast, () => this.down(nodeId)),
    );
  }

  /** It will register again. `lives` lets its agent report before tasks are sent to it. */
  found(nodeId: string, by: keyof typeof RETURN_MS, lives: (agent: Agent) => void): void {
    this.stay(nodeId, by);
    const { clock, random } = this.store;
    const { least, most } = RETURN_MS[by];
    const back = clock.after(random.between(least, most), () => this.back(nodeId, lives));
    this.returning.set(`${nodeId}/${by}`, back);
  }

  /** Nothing keeps it away any more, and it is back at once. */
  restore(nodeId: string): void {
    this.stay(nodeId, 'power');
    this.stay(nodeId, 'link');
    if (!this.agents.get(nodeId)?.isRunning) this.back(nodeId, (agent) => agent.restore());
  }

  private stay(nodeId: string, by: keyof typeof RETURN_MS): void {
    this.store.clock.cancel(this.returning.get(`${nodeId}/${by}`));
    this.returning.delete(`${nodeId}/${by}`);
  }

  private back(nodeId: string, lives: (agent: Agent) => void): void {
    const { store } = this;
    const agent = this.agents.get(nodeId);
    if (!agent) return;
    lives(agent);
    // It has power and is cut off still, or the other way round.
    if (!agent.isRunning) return;
    store.clock.cancel(this.silent.get(nodeId));
    this.silent.delete(nodeId);
    this.onReach(nodeId, true);
    const node = store.nodes.get(nodeId);
    if (!node || node.api.Status.State === 'ready') return;
    store.updateNode(node, (api) => {
      api.Status = { State: 'ready', Addr: api.Status.Addr };
    });
  }

  private down(nodeId: string): void {
    const { store } = this;
    const node = store.nodes.get(nodeId);
    if (!node) return;
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
      const state = stateRank(task.api.Status.State);
      if (state < stateRank('assigned') || state > stateRank('running')) continue;
      store.updateTask(task, (api) => {
        api.Status = { ...api.Status, Timestamp: store.stamp(), State: 'orphaned' };
      });
    }
  }
}
