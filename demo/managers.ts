import type { EngineRole } from '@/lib/demo-control';
import type { DemoClock } from './clock';
import { rpcProblem } from './errors';
import type { NodeRecord, Store } from './store';

/** A manager that cannot be reached is listed as such after this time (ms). */
const UNREACHABLE_MS = 2000;
/** Without a majority the leader answers for this long (ms); measured on 20.10 and 28. */
const LEASE_MS = 15_000;
const PORT = 2377;

const isManager = ({ api }: NodeRecord) => api.Spec.Role === 'manager';
/** A node that was promoted while it could not be reached takes part once it is back. */
const isMember = (node: NodeRecord) => isManager(node) && node.api.ManagerStatus !== undefined;

/** The managers: which of them can be reached, whether they are enough, and what a demotion would leave. */
export class Managers {
  private readonly unreachable = new Set<string>();
  /** Since when there is no majority (ms); null while there is one. */
  private lostAt: number | null = null;

  constructor(
    private readonly store: Store,
    private readonly clock: DemoClock,
    /** The node whose engine the API is, which can always be reached. */
    private readonly here: () => NodeRecord,
  ) {}

  /** What this engine is in the swarm, as far as that is no fault. */
  get role(): EngineRole {
    if (!isManager(this.here())) return 'worker';
    const isOver = this.lostAt !== null && this.clock.now() - this.lostAt >= LEASE_MS;
    return isOver ? 'no-quorum' : 'manager';
  }

  /** Whether anything can be changed. */
  get hasMajority(): boolean {
    return this.lostAt === null;
  }

  /** A node became unreachable, or reachable again. */
  reached(nodeId: string, reachable: boolean): void {
    if (reachable) this.unreachable.delete(nodeId);
    else this.unreachable.add(nodeId);
    const node = this.store.nodes.get(nodeId);
    if (!node || !isManager(node)) return;
    if (reachable) this.join(node);
    this.clock.after(reachable ? 0 : UNREACHABLE_MS, () => this.list(node));
    this.count();
  }

  /** Refuses a change of a node's role that swarm refuses. */
  check(node: NodeRecord, role: 'manager' | 'worker'): void {
    if (!isManager(node) || role === 'manager') return;
    const managers = [...this.store.nodes.values()].filter(isManager);
    if (managers.length === 1) {
      const text = 'attempting to demote the last manager of the swarm';
      throw rpcProblem('FailedPrecondition', text);
    }
    if (!isMember(node)) throw rpcProblem('NotFound', "can't find manager in raft memberlist");
    const others = this.members().filter((other) => other !== node);
    // The engine that is asked counts itself, also if it is the one that is demoted.
    const reachable = others.filter((other) => this.isReachable(other)).length;
    if (reachable < majorityOf(others.length)) {
      const text = "can't remove member from the raft: this would result in a loss of quorum";
      throw rpcProblem('FailedPrecondition', text);
    }
  }

  /** A node has another role now. */
  changed(node: NodeRecord): void {
    if (isManager(node)) this.join(node);
    else {
      const wasLeader = node.api.ManagerStatus?.Leader === true;
      delete node.api.ManagerStatus;
      const next = this.members().find((other) => this.isReachable(other));
      if (wasLeader && next) lead(next);
      node.json = undefined;
    }
    this.count();
  }

  /** Makes this engine's node the leader again. */
  reset(): void {
    if (!this.here().api.ManagerStatus?.Leader) this.takeOver(this.here());
    this.count();
  }

  private takeOver(here: NodeRecord): void {
    for (const { api } of this.members()) delete api.ManagerStatus?.Leader;
    this.store.updateNode(here, (api) => {
      api.Spec = { ...api.Spec, Role: 'manager' };
    });
    this.join(here);
    lead(here);
    for (const node of this.members()) node.json = undefined;
  }

  private members(): NodeRecord[] {
    return [...this.store.nodes.values()].filter(isMember);
  }

  private isReachable({ api }: NodeRecord): boolean {
    return api.ID === this.here().api.ID || !this.unreachable.has(api.ID);
  }

  private join(node: NodeRecord): void {
    if (node.api.ManagerStatus || !this.isReachable(node)) return;
    node.api.ManagerStatus = { Reachability: 'reachable', Addr: `${node.api.Status.Addr}:${PORT}` };
    node.json = undefined;
  }

  /** The engine adds it to what it lists: no write. */
  private list(node: NodeRecord): void {
    const { ManagerStatus } = node.api;
    if (!ManagerStatus) return;
    ManagerStatus.Reachability = this.isReachable(node) ? 'reachable' : 'unreachable';
    node.json = undefined;
  }

  private count(): void {
    const members = this.members();
    const reachable = members.filter((node) => this.isReachable(node)).length;
    if (reachable >= majorityOf(members.length)) this.lostAt = null;
    else this.lostAt ??= this.clock.now();
  }
}

const majorityOf = (count: number) => Math.floor(count / 2) + 1;

function lead(node: NodeRecord): void {
  const { ManagerStatus } = node.api;
  // The engine's order of fields.
  if (ManagerStatus) node.api.ManagerStatus = { Leader: true, ...ManagerStatus };
  node.json = undefined;
}
