/**
 * Counters of this process for `/metrics`. They are on `globalThis`, because the server's entry, pages and
 * routes get different instances of this module; for the same reason it has no imports.
 */

/** Upper bounds of a run's latencies, in seconds: from a wired neighbour to a Pi Zero that hardly answers over Wi-Fi. */
export const ANSWER_BUCKETS = [
  0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10,
] as const;
/** Upper bounds of an engine's answer times, in seconds; a call's deadline is 25 s. */
export const ENGINE_BUCKETS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25,
] as const;

/** Maximum series of one metric with labels from the swarm; the least recently counted one is removed. */
const MAX_SERIES = 300;
/** Maximum length of a label value (characters). */
const MAX_LABEL = 128;

/** Labels by name. Values are unescaped text of any origin. */
export type Labels = Readonly<Record<string, string>>;

/** Durations of one series. */
export interface Durations {
  /** Count per bucket, not cumulative; the last element is above all bounds. */
  readonly buckets: number[];
  /** Seconds. */
  sum: number;
}

/** One series: its labels and what was counted. */
export interface Series<T> {
  readonly labels: Labels;
  value: T;
}

/** All that is counted, each by its labels. */
export interface Counters {
  readonly refused: Map<string, Series<number>>;
  readonly signIns: Map<string, Series<number>>;
  readonly engineCalls: Map<string, Series<Durations>>;
  readonly engineFailures: Map<string, Series<number>>;
  readonly taskFailures: Map<string, Series<number>>;
  readonly answers: Map<string, Series<number>>;
  readonly runRequests: Map<string, Series<number>>;
  readonly latencies: Map<string, Series<Durations>>;
}

const COUNTERS = Symbol.for('clusterhat.counters');
const scope = globalThis as { [COUNTERS]?: Counters };

/** The process's counters: for reading. */
export function counters(): Counters {
  scope[COUNTERS] ??= {
    refused: new Map(),
    signIns: new Map(),
    engineCalls: new Map(),
    engineFailures: new Map(),
    taskFailures: new Map(),
    answers: new Map(),
    runRequests: new Map(),
    latencies: new Map(),
  };
  return scope[COUNTERS];
}

/** Resets all counters, for tests. */
export function resetCounters(): void {
  delete scope[COUNTERS];
}

/** Counts a request that was refused or ended without an answer, by the problem's `kind`. */
export function countRefused(kind: string): void {
  count(counters().refused, { kind });
}

/** Counts a sign-in by its result: `right`, `wrong`, `wait`. */
export function countSignIn(outcome: string): void {
  count(counters().signIns, { outcome });
}

/** Counts a call of the engine that took `seconds`; `failure` is the error's kind, null on success. */
export function countEngineCall(call: string, seconds: number, failure: string | null): void {
  observe(counters().engineCalls, { call }, seconds, ENGINE_BUCKETS);
  if (failure !== null) count(counters().engineFailures, { call, kind: failure });
}

/** Counts a task of this service that was first seen failed or rejected. */
export function countTaskFailure(service: string): void {
  count(counters().taskFailures, { service });
}

/** One request of a run has ended. */
export interface CountedRequest {
  readonly service: string;
  /** `answered`, or why it failed: `refused`, `read timeout` … */
  readonly outcome: string;
  /** From the scheduled moment to the last byte. */
  readonly seconds: number;
  /** Slot and node of the answering task; null without an answer. Not the task: its id changes too often. */
  readonly by: { readonly slot: string; readonly node: string } | null;
}

/** Counts one request of a run; only answers enter the histogram of latencies. */
export function countRequest({ service, outcome, seconds, by }: CountedRequest): void {
  const { runRequests, answers, latencies } = counters();
  count(runRequests, { service, outcome });
  if (by === null) return;
  count(answers, { service, ...by });
  observe(latencies, { service }, seconds, ANSWER_BUCKETS);
}

/** Truncates a label's value without splitting a character. */
export function cutLabel(value: string): string {
  return value.slice(0, MAX_LABEL).replace(/[\uD800-\uDBFF]$/, '');
}

function count(into: Map<string, Series<number>>, labels: Labels): void {
  seriesOf(into, labels, () => 0).value += 1;
}

function observe(
  into: Map<string, Series<Durations>>,
  labels: Labels,
  seconds: number,
  bounds: readonly number[],
): void {
  const empty = () => ({ buckets: Array<number>(bounds.length + 1).fill(0), sum: 0 });
  const { value } = seriesOf(into, labels, empty);
  const at = bounds.findIndex((bound) => seconds <= bound);
  const bucket = at === -1 ? bounds.length : at;
  value.buckets[bucket] = (value.buckets[bucket] ?? 0) + 1;
  value.sum += seconds;
}

/** The series with these labels, moved to the newest of its metric (a Map keeps insertion order). */
function seriesOf<T>(into: Map<string, Series<T>>, given: Labels, empty: () => T): Series<T> {
  const labels = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, cutLabel(value)]),
  );
  const key = JSON.stringify(Object.values(labels));
  const series = into.get(key) ?? { labels, value: empty() };
  into.delete(key);
  into.set(key, series);
  if (into.size > MAX_SERIES) {
    const [oldest] = into.keys();
    if (oldest !== undefined) into.delete(oldest);
  }
  return series;
}
