import { naturalOrder } from '../swarm/natural';
import type { SwarmView } from '../swarm/view';
import { TaskIndex } from './identify';
import { insertSorted, p99Of, percentile } from './percentile';
import type { Answer, ErrorKind, Run, Share } from './run';
import { verdictOf } from './verdict';
import { FairnessWindow, repeatsOf } from './window';

/** The fields of a run that follow from its answers. */
export type TallySummary = Pick<
  Run,
  | 'sent'
  | 'answered'
  | 'failed'
  | 'skipped'
  | 'connections'
  | 'repeats'
  | 'spread'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'shares'
  | 'errors'
  | 'verdict'
>;

/**
 * Containers without a task that get a share of their own; the others are put together, so that
 * a service that makes up a name for every answer cannot make the run grow.
 */
export const MAX_UNKNOWN = 20;

const OTHERS = '?others';
/** Sorts tasks of global services, which have no slot, behind those that have one. */
const NO_SLOT = Number.MAX_SAFE_INTEGER;

interface Responder {
  readonly taskId: string | null;
  /** For a container without a task; a task has its own name. */
  readonly name: string;
  /** Latencies of its answers, ascending. */
  readonly latencies: number[];
}

/**
 * Adds up one run as it goes: who answered, how evenly, how fast, what broke. It draws every
 * conclusion from answers and pictures that are handed in, in any order of arrival.
 *
 * sent = answered + failed + cut off by the stop + on its way; an unknown container has answered.
 */
export class Tally {
  /** The service's tasks, past ones included. */
  readonly tasks: TaskIndex;
  readonly #window = new FairnessWindow();
  readonly #responders = new Map<string, Responder>();
  /** By n: the key of who answered, null for a failure, undefined while on its way. */
  readonly #byN: (string | null | undefined)[] = [];
  readonly #latencies: number[] = [];
  readonly #errors: Partial<Record<ErrorKind, number>> = {};
  #sent = 0;
  #answered = 0;
  #failed = 0;
  #skipped = 0;
  #connections = 0;
  #unknown = 0;

  constructor(serviceId: string) {
    this.tasks = new TaskIndex(serviceId);
  }

  /**
   * Takes in a picture, `at` in milliseconds since the run's start. True when the set of running
   * tasks changed, which opens a new fairness window.
   */
  see(view: Pick<SwarmView, 'tasks'>, at: number): boolean {
    this.tasks.see(view.tasks);
    return this.#window.see(this.tasks.running(), this.#sent, at);
  }

  /** Counts a request as it leaves and gives it its number, from 1. */
  send(): number {
    this.#sent += 1;
    return this.#sent;
  }

  /** Counts slots that had no free place. */
  skip(slots = 1): void {
    this.#skipped += slots;
  }

  /** Counts a connection as it is made. */
  connect(): void {
    this.#connections += 1;
  }

  /** Takes one request's outcome. */
  add(answer: Answer): void {
    const { error } = answer;
    if (error !== null) this.#errors[error] = (this.#errors[error] ?? 0) + 1;
    if (error !== null && error !== 'unknown container') {
      this.#failed += 1;
      this.#byN[answer.n] = null;
      return;
    }
    this.#answered += 1;
    insertSorted(this.#latencies, answer.ms);
    const key = this.#keyOf(answer);
    const responder = this.#responders.get(key) ?? this.#newResponder(key, answer);
    insertSorted(responder.latencies, answer.ms);
    this.#byN[answer.n] = key;
    this.#window.add(answer);
  }

  /** Forgets a request that the end of the run cut off: it neither answered nor failed. */
  cut(n: number): void {
    this.#byN[n] = null;
  }

  #keyOf(answer: Answer): string {
    if (answer.taskId !== null) return answer.taskId;
    const key = `?${answer.container ?? ''}`;
    return this.#responders.has(key) || this.#unknown < MAX_UNKNOWN ? key : OTHERS;
  }

  #newResponder(key: string, { taskId, container }: Answer): Responder {
    if (taskId === null) this.#unknown += 1;
    const name = key === OTHERS ? 'other containers' : (container ?? 'not told');
    const responder: Responder = { taskId, name, latencies: [] };
    this.#responders.set(key, responder);
    return responder;
  }

  /** The run so far. `ended` only changes the words. */
  summary(ended: boolean): TallySummary {
    const window = this.#window.summary(this.#byN, this.#sent);
    const order = this.#byN.filter((who) => typeof who === 'string');
    const shares = this.#shares(window.running);
    return {
      sent: this.#sent,
      answered: this.#answered,
      failed: this.#failed,
      skipped: this.#skipped,
      connections: this.#connections,
      repeats: repeatsOf(order),
      spread: window.spread,
      p50: percentile(this.#latencies, 50),
      p95: percentile(this.#latencies, 95),
      p99: p99Of(this.#latencies),
      shares,
      errors: { ...this.#errors },
      verdict: verdictOf({
        ended,
        sent: this.#sent,
        answered: this.#answered,
        failed: this.#failed,
        errors: this.#errors,
        shares,
        window,
      }),
    };
  }

  /** Running tasks first, zeros included; then whatever else answered. Each by slot and name. */
  #shares(running: ReadonlySet<string>): Share[] {
    const keys = new Set([...running, ...this.#responders.keys()]);
    const shares = [...keys].map((key) => this.#share(key, running.has(key)));
    const rank = (share: Share) => (share.taskId !== null && running.has(share.taskId) ? 0 : 1);
    return shares.sort(
      (a, b) =>
        rank(a) - rank(b) ||
        (a.slot ?? NO_SLOT) - (b.slot ?? NO_SLOT) ||
        naturalOrder(a.name, b.name),
    );
  }

  #share(key: string, running: boolean): Share {
    const responder = this.#responders.get(key);
    const task = this.tasks.get(key);
    const latencies = responder?.latencies ?? [];
    return {
      taskId: responder ? responder.taskId : key,
      name: task?.name ?? responder?.name ?? key,
      slot: task?.slot ?? null,
      nodeId: task?.nodeId ?? null,
      running,
      answers: latencies.length,
      share: this.#answered === 0 ? 0 : latencies.length / this.#answered,
      p50: percentile(latencies, 50),
      p95: percentile(latencies, 95),
      p99: p99Of(latencies),
    };
  }
}
