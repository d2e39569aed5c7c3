import { groupBy } from '../swarm/group-by';
import { naturalOrder } from '../swarm/natural';
import type { SwarmView } from '../swarm/view';
import { detailsOf } from './evenness';
import type { EntryPoint } from './dial';
import { hostnameOf } from './hostname-template';
import { TaskIndex } from './identify';
import { Marks, type ViewTime } from './marks';
import { Rollouts, type AnswerFacts } from './rollouts';
import { insertSorted, p99Of, percentile } from './percentile';
import {
  isFailure,
  type Answer,
  type ErrorKind,
  type FullRunRequest,
  type Run,
  type Share,
} from './run';
import { AMBIGUOUS, EntryTally, mergeWindows } from './entry-tally';
import { verdictOf } from './verdict';

/** The fields of a run that are computed from its answers and views. */
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
  | 'versions'
  | 'rollouts'
>;

/** The parts of a run's request that the tally depends on. */
export interface TallyOptions extends Pick<FullRunRequest, 'connection' | 'method'> {
  readonly serviceId: string;
  readonly entries: readonly EntryPoint[];
  /** Entry nodes at which the run has not started; listed once a request has entered there. */
  readonly laterEntries?: readonly EntryPoint[];
  /** `host`: no routing mesh, each port leads to the tasks of its own node. */
  readonly publishMode?: 'ingress' | 'host';
}

/**
 * Maximum unknown containers that are counted separately; the others share one, so that a service that invents
 * a name for every answer cannot make the run grow.
 */
export const MAX_UNKNOWN = 20;

/** Answers that name no container, and those beyond `MAX_UNKNOWN`. */
const UNNAMED = '?';
const OTHERS = '?others';
/** Of a seat (a slot, or a global service's node): its last task, and one for the row of the earlier ones. */
const KEPT_PER_SEAT = 2;
/** Sorts tasks without a slot (global services) last. */
const NO_SLOT = Number.MAX_SAFE_INTEGER;

interface Responder {
  readonly taskId: string | null;
  /** For a container without a task. */
  readonly name: string;
  /** Latencies of its answers, ascending. */
  readonly latencies: number[];
  /** When its first and its last answer were complete, in ms since the run's start. */
  first: number;
  last: number;
}

/**
 * Counts one run: which task answered, how evenly, how fast, what failed. Answers may arrive in any order.
 *
 * sent = answered + failed + aborted + in flight; an unknown container counts as answered.
 */
export class Tally {
  /** The service's tasks, past ones included. */
  readonly tasks: TaskIndex;
  /** Changes of the swarm during the run. */
  readonly marks: Marks;
  readonly #rollouts: Rollouts;
  readonly #options: TallyOptions;
  readonly #entries: EntryTally[];
  readonly #responders = new Map<string, Responder>();
  /** Ids of the tasks that ran or answered during this run, in the order in which they first did. */
  readonly #seen = new Set<string>();
  /** By n, from 1: which entry node, and the request's number there. */
  readonly #turns: ({ entry: EntryTally; turn: number } | undefined)[] = [];
  /** By n, from 1: its tick. */
  readonly #ticks: number[] = [0];
  readonly #latencies: number[] = [];
  readonly #lags: number[] = [];
  /** Failed requests: their ticks, and where they entered. */
  readonly #lost: { at: number; entry: EntryTally | undefined }[] = [];
  /** Ticks and latencies of the answers. */
  readonly #answers: { at: number; ms: number }[] = [];
  readonly #errors: Partial<Record<ErrorKind, number>> = {};
  #sent = 0;
  #answered = 0;
  #aborted = 0;
  #skipped = 0;
  #stalled = 0;
  #connections = 0;
  #resent = 0;
  #unknown = 0;
  #unnamed = 0;

  constructor(options: TallyOptions) {
    this.#options = options;
    this.tasks = new TaskIndex(options.serviceId);
    this.marks = new Marks(options.serviceId);
    this.#rollouts = new Rollouts(options.serviceId);
    const { entries, laterEntries = [] } = options;
    this.#entries = [...entries, ...laterEntries].map((point) => new EntryTally(point));
  }

  /**
   * Applies a view. True when it has a change: a mark, or another set of running tasks, which opens a new
   * fairness window.
   */
  applyView(view: Pick<SwarmView, 'nodes' | 'services' | 'tasks'>, moment: ViewTime): boolean {
    const service = view.services.find(({ id }) => id === this.#options.serviceId);
    const nodes = new Map(view.nodes.map((node) => [node.id, node]));
    this.tasks.applyView(view.tasks, (task) =>
      service ? hostnameOf(task, service, nodes.get(task.nodeId ?? '')) : null,
    );
    const running = this.tasks.running();
    // A view has the newest task of a slot first.
    for (const { id } of view.tasks.toReversed()) if (running.has(id)) this.#seen.add(id);
    let changed = this.marks.applyView(view, moment);
    changed = this.#rollouts.applyView(view, moment, this.#latencies) || changed;
    for (const entry of this.#entries)
      changed = entry.setRunningTasks(running, moment.at) || changed;
    return changed;
  }

  /**
   * Counts a sent request by the index of its entry node; `at` is its tick. Returns its number, from 1.
   */
  send(entryIndex = 0, at = 0): number {
    const entry = this.#entries[entryIndex];
    if (!entry) throw new RangeError(`there is no entry node ${entryIndex}`);
    this.#sent += 1;
    this.#turns[this.#sent] = { entry, turn: entry.send() };
    this.#ticks[this.#sent] = at;
    return this.#sent;
  }

  /** Sets the URL at which the next request to an entry node is sent. */
  setUrl(entryIndex: number, url: string): void {
    this.#entries[entryIndex]?.setUrl(url);
  }

  /** Sets the addresses of each entry node that cannot be reached, by node id. */
  setUnreachable(unreachable: ReadonlyMap<string, readonly string[]>): void {
    for (const entry of this.#entries) {
      entry.setUnreachable(unreachable.get(entry.nodeId) ?? []);
    }
  }

  /** Counts a skipped tick: all places were taken, or the dashboard was busy. */
  skip(why: 'full' | 'stall'): void {
    this.#skipped += 1;
    if (why === 'stall') this.#stalled += 1;
  }

  /** Counts a new connection. */
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

  /** Counts one request's outcome. */
  add(answer: Answer): void {
    const { error, n, at, lag, ms } = answer;
    const place = this.#turns[n];
    insertSorted(this.#lags, lag);
    if (error !== null) this.#errors[error] = (this.#errors[error] ?? 0) + 1;
    if (isFailure(error)) {
      this.#lost.push({ at, entry: place?.entry });
      place?.entry.add(place.turn, null, answer);
      return;
    }
    this.#answered += 1;
    insertSorted(this.#latencies, ms);
    const key = this.#keyOf(answer);
    const responder = this.#responders.get(key) ?? this.#newResponder(key, answer);
    insertSorted(responder.latencies, ms);
    responder.first = Math.min(responder.first, at + ms);
    responder.last = Math.max(responder.last, at + ms);
    this.#answers.push({ at, ms });
    if (key === UNNAMED) this.#unnamed += 1;
    place?.entry.add(place.turn, key, answer, this.#isOne(key, answer) ? key : AMBIGUOUS);
  }

  /** Counts a request that the end of the run aborted: neither answered nor failed. */
  abort(n: number): void {
    this.#aborted += 1;
    const place = this.#turns[n];
    place?.entry.abort(place.turn);
  }

  #keyOf(answer: Answer): string {
    if (answer.taskId !== null) return answer.taskId;
    const key = answer.container === null ? UNNAMED : `?${answer.container}`;
    return this.#responders.has(key) || this.#unknown < MAX_UNKNOWN ? key : OTHERS;
  }

  /** Whether all answers with this key are from one container. */
  #isOne(key: string, { taskId, container }: Answer): boolean {
    if (taskId !== null) return true;
    return container !== null && key !== OTHERS && !this.tasks.isShared(container);
  }

  #newResponder(key: string, { taskId, container }: Answer): Responder {
    if (taskId === null) this.#unknown += 1;
    else this.#seen.add(taskId);
    const name = key === OTHERS ? 'other containers' : (container ?? 'unknown');
    const responder = { taskId, name, latencies: [], first: Infinity, last: -Infinity };
    this.#responders.set(key, responder);
    return responder;
  }

  /** The run so far. `ended` changes only the verdict's wording. */
  summary(ended: boolean): TallySummary {
    const initial = this.#options.entries.length;
    const listed = this.#entries.filter((entry, index) => index < initial || entry.sent > 0);
    const reached = listed.filter((entry) => !entry.isUnreachable);
    const windows = (reached.length > 0 ? reached : listed).map((entry) => entry.window());
    const window = mergeWindows(windows);
    const keys = this.#columns(window.running);
    const shares = keys.map((key) => this.#share(key, window.running.has(key)));
    const isHead = this.#options.method === 'HEAD';
    const unnamed = isHead || (this.#answered > 0 && this.#unnamed === this.#answered);
    const keepAlive = this.#options.connection === 'keepAlive';
    const hostMode = this.#options.publishMode === 'host';
    const rows = listed.map((entry) => entry.row(keys, !unnamed && !keepAlive && !hostMode));
    // Without a mesh nothing is spread. Without names the windows are empty, and no two answers are known to repeat.
    const entries = hostMode ? rows.map((row) => ({ ...row, spread: null, repeats: null })) : rows;
    const neighbours = this.#entries.map((entry) => entry.neighbours());
    const pairs = neighbours.reduce((sum, each) => sum + each.pairs, 0);
    const same = neighbours.reduce((sum, each) => sum + each.same, 0);
    const repeats = pairs === 0 || hostMode ? null : same / pairs;
    const lost = this.#lost.flatMap(({ at, entry }) => (entry?.isUnreachable ? [] : [at]));
    const facts: AnswerFacts = {
      // Failures at a node that cannot be reached from here are not the cost of a change.
      lost,
      answers: this.#answers,
      byTask: this.#responders,
      answered: this.#answered,
    };
    const rollouts = this.#rollouts.rollouts(facts, ended);
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
      spread: hostMode ? null : window.spread,
      p50: percentile(this.#latencies, 50),
      p95: percentile(this.#latencies, 95),
      p99: p99Of(this.#latencies),
      lagP99: p99Of(this.#lags),
      details: hostMode ? null : detailsOf(windows),
      marks: this.marks.summary({
        lost,
        firstAnswers: this.#responders,
        sentBy: (at) => this.#sentBy(at),
      }),
      versions: this.#rollouts.versions(facts),
      rollouts,
      verdict: verdictOf({
        ...counts,
        ended,
        rollouts,
        window,
        keepAlive,
        hostMode,
        unnamed: isHead ? 'HEAD' : unnamed,
        sharedHostnames: this.tasks.sharedHostnames,
      }),
    };
  }

  /** How many requests had been sent at `at`; ticks are ascending. */
  #sentBy(at: number): number {
    let low = 0;
    let high = this.#sent;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#ticks[middle] ?? Infinity) <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * The tasks that run or have answered, and the last `KEPT_PER_SEAT` of each seat in any case: so the rows of a table
   * (`shareRows`) do not come and go with the tasks of a crash loop. Running ones first, each by slot and name; a seat's
   * tasks in the order in which they were first seen. Containers without a task last.
   */
  #columns(running: ReadonlySet<string>): string[] {
    const rank = (key: string) => (running.has(key) ? 0 : 1);
    const slot = (key: string) => this.tasks.get(key)?.slot ?? NO_SLOT;
    const bySeat = groupBy(this.#seen, (id) => this.#seatOf(id));
    const kept = new Set([...bySeat.values()].flatMap((own) => own.slice(-KEPT_PER_SEAT)));
    const tasks = [...this.#seen].filter(
      (id) => kept.has(id) || running.has(id) || this.#responders.has(id),
    );
    return [...new Set([...tasks, ...this.#responders.keys()])].sort(
      (a, b) =>
        rank(a) - rank(b) || slot(a) - slot(b) || naturalOrder(this.#nameOf(a), this.#nameOf(b)),
    );
  }

  /** Its slot; the node for a task of a global service. */
  #seatOf(id: string): number | string {
    const task = this.tasks.get(id);
    return task?.slot ?? task?.nodeId ?? id;
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
      version: this.#rollouts.versionOf(key),
    };
  }
}
