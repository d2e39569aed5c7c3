import { naturalOrder } from '../swarm/natural';
import type { SwarmView } from '../swarm/view';
import { detailsOf } from './details';
import type { EntryPoint } from './dial';
import { hostnameOf } from './hostname';
import { TaskIndex } from './identify';
import { Marks, type MarkedMoment } from './marks';
import { insertSorted, p99Of, percentile } from './percentile';
import {
  isFailure,
  type Answer,
  type ErrorKind,
  type FullRunRequest,
  type Run,
  type Share,
} from './run';
import { ANYBODY, EntryTally, mergeWindows } from './tally-entry';
import { verdictOf } from './verdict';

/** The fields of a run that follow from its answers and from the pictures seen meanwhile. */
export type TallySummary = Pick<
  Run,
  | 'sent'
  | 'answered'
  | 'failed'
  | 'aborted'
  | 'skipped'
  | 'stalled'
  | 'connections'
  | 'resent'
  | 'repeats'
  | 'spread'
  | 'p50'
  | 'p95'
  | 'p99'
  | 'lagP99'
  | 'shares'
  | 'entries'
  | 'errors'
  | 'verdict'
  | 'details'
  | 'marks'
>;

/** What a run is about, as far as its conclusions depend on it. */
export interface Course extends Pick<FullRunRequest, 'connection' | 'method'> {
  readonly serviceId: string;
  readonly entries: readonly EntryPoint[];
}

/**
 * Containers without a task that get a share of their own; the others are put together, so that
 * a service that makes up a name for every answer cannot make the run grow.
 */
export const MAX_UNKNOWN = 20;

/** Answers that name no container, and those beyond `MAX_UNKNOWN`. */
const NOBODY = '?';
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
 * sent = answered + failed + aborted by the stop + on its way; an unknown container has answered.
 */
export class Tally {
  /** The service's tasks, past ones included. */
  readonly tasks: TaskIndex;
  /** What happened to the swarm meanwhile. */
  readonly marks: Marks;
  readonly #course: Course;
  readonly #entries: EntryTally[];
  readonly #responders = new Map<string, Responder>();
  /** By n, from 1: which entry node, and the request's number there. */
  readonly #turns: ({ entry: EntryTally; turn: number } | undefined)[] = [];
  /** By n, from 1: its slot. */
  readonly #slots: number[] = [0];
  readonly #latencies: number[] = [];
  readonly #lags: number[] = [];
  /** Slots of failed requests. */
  readonly #lost: number[] = [];
  readonly #firstAnswers = new Map<string, number>();
  readonly #errors: Partial<Record<ErrorKind, number>> = {};
  #sent = 0;
  #answered = 0;
  #aborted = 0;
  #skipped = 0;
  #stalled = 0;
  #connections = 0;
  #resent = 0;
  #unknown = 0;
  #nameless = 0;

  constructor(course: Course) {
    this.#course = course;
    this.tasks = new TaskIndex(course.serviceId);
    this.marks = new Marks(course.serviceId);
    this.#entries = course.entries.map((point) => new EntryTally(point));
  }

  /**
   * Takes in a picture. True when it shows a change: a mark, or another set of running tasks, which
   * opens a new fairness window.
   */
  see(view: Pick<SwarmView, 'nodes' | 'services' | 'tasks'>, moment: MarkedMoment): boolean {
    const service = view.services.find(({ id }) => id === this.#course.serviceId);
    const nodes = new Map(view.nodes.map((node) => [node.id, node]));
    this.tasks.see(view.tasks, (task) =>
      service ? hostnameOf(task, service, nodes.get(task.nodeId ?? '')) : null,
    );
    const running = this.tasks.running();
    let changed = this.marks.see(view, moment);
    for (const entry of this.#entries) changed = entry.see(running, moment.at) || changed;
    return changed;
  }

  /**
   * Counts a request as it leaves at an entry node, by its place in the course, for the slot `at`;
   * gives it its number, from 1.
   */
  send(entryIndex = 0, at = 0): number {
    const entry = this.#entries[entryIndex];
    if (!entry) throw new RangeError(`there is no entry node ${entryIndex}`);
    this.#sent += 1;
    this.#turns[this.#sent] = { entry, turn: entry.send() };
    this.#slots[this.#sent] = at;
    return this.#sent;
  }

  /** Counts a slot that found every place taken, or went by while the dashboard was busy. */
  skip(why: 'full' | 'stall'): void {
    this.#skipped += 1;
    if (why === 'stall') this.#stalled += 1;
  }

  /** Counts a connection as it is made. */
  connect(): void {
    this.#connections += 1;
  }

  /** Counts a request that was sent a second time. */
  resend(): void {
    this.#resent += 1;
  }

  /** How many requests were sent a second time. */
  get resent(): number {
    return this.#resent;
  }

  /** Takes one request's outcome. */
  add(answer: Answer): void {
    const { error, n, at, lag, ms } = answer;
    const place = this.#turns[n];
    insertSorted(this.#lags, lag);
    if (error !== null) this.#errors[error] = (this.#errors[error] ?? 0) + 1;
    if (isFailure(error)) {
      this.#lost.push(at);
      place?.entry.add(place.turn, null, answer);
      return;
    }
    this.#answered += 1;
    insertSorted(this.#latencies, ms);
    const key = this.#keyOf(answer);
    const responder = this.#responders.get(key) ?? this.#newResponder(key, answer);
    insertSorted(responder.latencies, ms);
    this.#firstAnswers.set(key, Math.min(this.#firstAnswers.get(key) ?? Infinity, at + ms));
    if (key === NOBODY) this.#nameless += 1;
    place?.entry.add(place.turn, key, answer, this.#isOne(key, answer) ? key : ANYBODY);
  }

  /** Counts a request that the end of the run cut off: it neither answered nor failed. */
  cut(n: number): void {
    this.#aborted += 1;
    const place = this.#turns[n];
    place?.entry.cut(place.turn);
  }

  #keyOf(answer: Answer): string {
    if (answer.taskId !== null) return answer.taskId;
    const key = answer.container === null ? NOBODY : `?${answer.container}`;
    return this.#responders.has(key) || this.#unknown < MAX_UNKNOWN ? key : OTHERS;
  }

  /** Whether all answers that count under this key are one container's. */
  #isOne(key: string, { taskId, container }: Answer): boolean {
    if (taskId !== null) return true;
    return container !== null && key !== OTHERS && !this.tasks.isShared(container);
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
    const windows = this.#entries.map((entry) => entry.window());
    const window = mergeWindows(windows);
    const keys = this.#columns(window.running);
    const shares = keys.map((key) => this.#share(key, window.running.has(key)));
    const isHead = this.#course.method === 'HEAD';
    const nameless = isHead || (this.#answered > 0 && this.#nameless === this.#answered);
    const keepAlive = this.#course.connection === 'keepAlive';
    const rows = this.#entries.map((entry) => entry.row(keys, !nameless && !keepAlive));
    // Who answered nobody knows: nothing can be said on whether it was the same one again.
    const entries = nameless ? rows.map((row) => ({ ...row, spread: null, repeats: null })) : rows;
    const neighbours = this.#entries.map((entry) => entry.neighbours());
    const pairs = neighbours.reduce((sum, each) => sum + each.pairs, 0);
    const same = neighbours.reduce((sum, each) => sum + each.same, 0);
    const repeats = pairs === 0 || nameless ? null : same / pairs;
    const counts = {
      sent: this.#sent,
      answered: this.#answered,
      failed: this.#lost.length,
      connections: this.#connections,
      errors: { ...this.#errors },
      repeats,
      shares,
      entries,
    };
    return {
      ...counts,
      aborted: this.#aborted,
      skipped: this.#skipped,
      stalled: this.#stalled,
      resent: this.#resent,
      spread: nameless ? null : window.spread,
      p50: percentile(this.#latencies, 50),
      p95: percentile(this.#latencies, 95),
      p99: p99Of(this.#latencies),
      lagP99: p99Of(this.#lags),
      details: nameless ? null : detailsOf(windows),
      marks: this.marks.summary({
        lost: this.#lost,
        firstAnswers: this.#firstAnswers,
        sentBy: (at) => this.#sentBy(at),
      }),
      verdict: verdictOf({
        ...counts,
        ended,
        window,
        keepAlive,
        nameless: isHead ? 'HEAD' : nameless,
        namesakes: this.tasks.namesakes,
      }),
    };
  }

  /** How many requests had left by `at`; slots only ever go forward. */
  #sentBy(at: number): number {
    let low = 0;
    let high = this.#sent;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#slots[middle] ?? Infinity) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Running tasks first, zeros included; then whatever else answered. Each by slot and name. */
  #columns(running: ReadonlySet<string>): string[] {
    const rank = (key: string) => (running.has(key) ? 0 : 1);
    const slot = (key: string) => this.tasks.get(key)?.slot ?? NO_SLOT;
    return [...new Set([...running, ...this.#responders.keys()])].sort(
      (a, b) =>
        rank(a) - rank(b) || slot(a) - slot(b) || naturalOrder(this.#nameOf(a), this.#nameOf(b)),
    );
  }

  #nameOf(key: string): string {
    return this.tasks.get(key)?.name ?? this.#responders.get(key)?.name ?? key;
  }

  #share(key: string, running: boolean): Share {
    const responder = this.#responders.get(key);
    const task = this.tasks.get(key);
    const latencies = responder?.latencies ?? [];
    return {
      taskId: responder ? responder.taskId : key,
      name: this.#nameOf(key),
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
