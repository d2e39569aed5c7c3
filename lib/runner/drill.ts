import type { RunChange } from '@/lib/curl/changes';
import type { DrillPlan } from '@/lib/curl/drill';
import type { Drill } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import type { MonotonicClock } from './clock';

/** What a drill can have done to the swarm. Both reject with an `Error` whose message is for people. */
export interface DrillActions {
  /**
   * Drains a node that is `was` now, and has it remember that for a server that comes after this one.
   * False when there is no such node any more.
   */
  takeOut(nodeId: string, was: NodeView['availability']): Promise<boolean>;
  /** Makes the node `was` again while it is drained: what a person has changed meanwhile is left alone. */
  bringBack(nodeId: string, was: NodeView['availability']): Promise<void>;
  /** Kills a container on the node whose engine we talk to. */
  killContainer(container: string): Promise<void>;
}

/** Waits between two tries to bring a node back, in ms; the last one goes on. */
const RETRY_MS = [250, 500, 1000, 2000, 5000] as const;

/** For so long after its end, in ms, the swarm can still show what a drill has done. */
const ECHO_MS = 2000;

/**
 * One failure drill. A node that it took out is brought back after its time, when the run ends, or
 * when the server stops, whichever comes first, and is tried to be brought back until it is. Also
 * after an error: a call that got no answer may have done its work.
 */
export class FailureDrill {
  readonly #plan: DrillPlan;
  readonly #hands: DrillActions;
  readonly #clock: MonotonicClock;
  readonly #onChange: () => void;
  readonly #startedAt: number;
  #state: Drill['state'] = 'starting';
  /** By the clock that only goes forward. */
  #overAt = Infinity;
  #problem: string | null = null;
  #until: number | null = null;
  /** The engine did not do it, or did not say so. */
  #refused = false;
  /** It is to end as soon as it has begun. */
  #wanted = false;
  #callOff = () => {};
  #settle = () => {};
  /** Settles when nothing is left to be brought back. */
  readonly over: Promise<void>;

  constructor(plan: DrillPlan, hands: DrillActions, clock: MonotonicClock, onChange: () => void) {
    this.#plan = plan;
    this.#hands = hands;
    this.#clock = clock;
    this.#onChange = onChange;
    this.#startedAt = clock.wall();
    this.over = new Promise((resolve) => (this.#settle = resolve));
  }

  /** Does it. Never rejects: what goes wrong is told in `state()`. */
  async start(): Promise<void> {
    const plan = this.#plan;
    try {
      if (plan.kind === 'kill') {
        await this.#hands.killContainer(plan.container);
        this.#become('done');
        return;
      }
      // The wall clock is for people: it can be set back, and then the node would be out for longer.
      const due = this.#clock.now() + plan.seconds * 1000;
      this.#until = this.#clock.wall() + plan.seconds * 1000;
      const there = await this.#hands.takeOut(plan.node.id, plan.back);
      if (!there) throw new Error(`${plan.node.name} is not in the swarm any more.`);
      if (this.#wanted) return void this.#bringBack();
      this.#become('out');
      this.#callOff = this.#clock.after(due - this.#clock.now(), () => this.end());
    } catch (error) {
      this.#problem = sentence(error);
      this.#refused = true;
      if (plan.kind === 'kill') this.#become('failed');
      else void this.#bringBack();
    }
  }

  /** Brings the node back now. Once is enough. */
  end(): void {
    this.#callOff();
    this.#wanted = true;
    if (this.#state === 'out') void this.#bringBack();
  }

  /** Whether there is nothing left to do. */
  get isOver(): boolean {
    return this.#state === 'done' || this.#state === 'failed';
  }

  /** The drill as everybody sees it. */
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

  /** Whether a change of the swarm is this drill's own doing. */
  did({ kind, nodeId, taskId }: Pick<RunChange, 'kind' | 'nodeId' | 'taskId'>): boolean {
    if (this.#plan.kind === 'kill') return kind === 'task failed' && taskId === this.#plan.task.id;
    if (this.#clock.now() - this.#overAt > ECHO_MS) return false;
    return nodeId === this.#plan.node.id && ['drain', 'activate', 'pause'].includes(kind);
  }

  async #bringBack(tries = 0): Promise<void> {
    if (this.#plan.kind === 'kill') return;
    const { node, back } = this.#plan;
    this.#become('returning');
    try {
      await this.#hands.bringBack(node.id, back);
      if (!this.#refused) this.#problem = null;
      this.#become(this.#refused ? 'failed' : 'done');
    } catch (error) {
      if (!this.#refused) this.#problem = sentence(error);
      const wait = RETRY_MS[Math.min(tries, RETRY_MS.length - 1)] ?? 0;
      this.#clock.after(wait, () => void this.#bringBack(tries + 1));
    }
  }

  #become(state: Drill['state']): void {
    this.#state = state;
    if (this.isOver) {
      this.#overAt = this.#clock.now();
      this.#settle();
    }
    this.#onChange();
  }
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
