import type { RunChange } from '@/lib/curl/run-changes';
import type { DrillPlan } from '@/lib/curl/drill';
import { isDrillActive, type Drill } from '@/lib/curl/run';
import type { Availability } from '@/lib/swarm/view';
import type { MonotonicClock } from './clock';

/** How a drill changes the swarm. All reject with an `Error` whose message is shown on the page. */
export interface DrillActions {
  /**
   * Drains a node whose availability is `was`, and labels it with `was` so that a later process can
   * restore it. Returns false when the node no longer exists.
   */
  drainNode(nodeId: string, was: Availability): Promise<boolean>;
  /**
   * Sets the availability back to `was` if the node is still drained by this drill; a change made since is kept. Returns
   * the resulting availability; null if the node no longer exists.
   */
  restoreNode(nodeId: string, was: Availability): Promise<Availability | null>;
  /** Kills a container on the node whose engine the dashboard talks to. */
  killContainer(container: string): Promise<void>;
}

/** Waits between tries to restore a node, in ms; the last one repeats. */
const RETRY_MS = [250, 500, 1000, 2000, 5000] as const;

/** Changes seen this long after a drill's end are still attributed to it, in ms. */
const ATTRIBUTION_MS = 2000;

/**
 * One failure drill. A node that it drained is restored after its time, when the run ends, or when the
 * server stops, whichever is first, and it retries until that succeeds. Also after an error: a call
 * without an answer may have been executed.
 */
export class FailureDrill {
  readonly #plan: DrillPlan;
  readonly #actions: DrillActions;
  readonly #clock: MonotonicClock;
  readonly #onChange: () => void;
  readonly #startedAt: number;
  #state: Drill['state'] = 'starting';
  /** By the monotonic clock. */
  #overAt = Infinity;
  #problem: string | null = null;
  #until: number | null = null;
  /** The first change failed or was not answered. */
  #startFailed = false;
  /** `end` was called before it had started. */
  #endRequested = false;
  #cancelTimer = () => {};
  #settle = () => {};
  /** Resolves when no node is left to restore. */
  readonly over: Promise<void>;

  constructor(
    plan: DrillPlan,
    drillActions: DrillActions,
    clock: MonotonicClock,
    onChange: () => void,
  ) {
    this.#plan = plan;
    this.#actions = drillActions;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#startedAt = clock.wall();
    this.over = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Makes the change. Never rejects: `state()` has the problem. */
  async start(): Promise<void> {
    const plan = this.#plan;
    try {
      if (plan.kind === 'kill') {
        await this.#actions.killContainer(plan.container);
        this.#setState('done');
        return;
      }
      // Not by the wall clock: if that is set back, the node would stay drained for longer.
      const due = this.#clock.now() + plan.seconds * 1000;
      this.#until = this.#clock.wall() + plan.seconds * 1000;
      const there = await this.#actions.drainNode(plan.node.id, plan.back);
      if (!there) throw new Error(`${plan.node.name} is no longer in the swarm.`);
      if (this.#endRequested) return void this.#restoreNode();
      this.#setState('out');
      this.#cancelTimer = this.#clock.after(due - this.#clock.now(), () => this.end());
    } catch (error) {
      this.#problem = sentence(error);
      this.#startFailed = true;
      if (plan.kind === 'kill') this.#setState('failed');
      else void this.#restoreNode();
    }
  }

  /** Restores the node now. */
  end(): void {
    this.#cancelTimer();
    this.#endRequested = true;
    if (this.#state === 'out') void this.#restoreNode();
  }

  /** Whether it has ended. */
  get isOver(): boolean {
    return !isDrillActive({ state: this.#state });
  }

  /** The drill as sent to browsers. */
  state(): Drill {
    const { kind, node } = this.#plan;
    const task = this.#plan.kind === 'kill' ? this.#plan.task : null;
    return {
      kind,
      nodeId: node.id,
      node: node.name,
      taskId: task?.id ?? null,
      task: task?.name ?? null,
      state: this.#state,
      startedAt: this.#startedAt,
      until: this.#until,
      problem: this.#problem,
    };
  }

  /** Whether this drill caused a change of the swarm. */
  caused({ kind, nodeId, taskId }: Pick<RunChange, 'kind' | 'nodeId' | 'taskId'>): boolean {
    if (this.#plan.kind === 'kill') return kind === 'task failed' && taskId === this.#plan.task.id;
    if (this.#clock.now() - this.#overAt > ATTRIBUTION_MS) return false;
    return nodeId === this.#plan.node.id && ['drain', 'activate', 'pause'].includes(kind);
  }

  async #restoreNode(tries = 0): Promise<void> {
    if (this.#plan.kind === 'kill') return;
    const { node, back } = this.#plan;
    this.#setState('returning');
    try {
      const now = await this.#actions.restoreNode(node.id, back);
      const isKept = now !== null && now !== back;
      if (!this.#startFailed) this.#problem = isKept ? keptWords(node.name, now) : null;
      this.#setState(this.#startFailed ? 'failed' : 'done');
    } catch (error) {
      if (!this.#startFailed) this.#problem = sentence(error);
      const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0;
      this.#clock.after(wait, () => void this.#restoreNode(tries + 1));
    }
  }

  #setState(state: Drill['state']): void {
    this.#state = state;
    if (this.isOver) {
      this.#overAt = this.#clock.now();
      this.#settle();
    }
    this.#onChange();
  }
}

const STATE: Record<Availability, string> = { active: 'active', pause: 'paused', drain: 'drained' };

function keptWords(name: string, availability: Availability): string {
  return `${name} stays ${STATE[availability]}, as somebody chose during the drill.`;
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
