import { isEngineError, type Engine, type EngineError } from '../engine';
import type { Feed } from '../live';
import type { LogEntry, LogFailure, LogLine } from '../swarm/logs/lines';
import type { LogMessage, MissingNode } from '../swarm/logs/messages';
import { inTimeOrder } from '../swarm/logs/order';
import { LogReplay } from '../swarm/logs/replay';
import { exists, missingNodes, type LogTarget } from '../swarm/logs/target';
import { LogBuffer, type BufferLimits } from './log-buffer';
import { ReturningNodes } from './returning-nodes';

/** Where a followed log begins. */
export interface LogStart {
  /** The last lines of each task. */
  tail: number;
  /** Those since this time, as `LogOptions` has it; null: whenever they were written. */
  since: string | null;
  /** The duration that `since` was computed from, so that viewers who open the log later share it; null: none. */
  duration: string | null;
}

type State = Extract<LogMessage, { kind: 'state' }>['state'];

/** How a followed log is. */
export interface LogStatus {
  state: State;
  error: EngineError | null;
  missing: readonly MissingNode[];
}

/** Lines of one moment from several nodes are put into order of time for this long (ms). */
const GATHER_MS = 80;
/** The history, of which each node sends its part when it can: until nothing arrives for this long (ms), … */
const HISTORY_QUIET_MS = 150;
/** … but no longer than this. */
const HISTORY_MS = 1500;
/** For this long after a log was opened again known lines may come (ms): a node that registers sends some late, or twice. */
const SETTLE_MS = 30_000;
/** Entries at once, and a second, that are passed on; of more there is a note with their number. */
const BURST = 5000;
const PER_SECOND = 2500;
/** Size of a line of 60 characters in the buffer, with its time and ids. */
const BYTES_PER_LINE = 250;
/** Entries of the history: those that the buffer has no room for are the oldest ones. */
const HISTORY = 20_000;
/**
 * Most lines of each task that are read again when a log is opened again. Not those since a time: each node compares by its
 * own clock, and a Zero that has just booted has an old time.
 */
const REPLAY_TAIL = 1000;
/** Wait before a log that ended is opened again (ms): doubled with each failure, up to the second one. */
const RETRY_MS = [1000, 15_000] as const;
/** A node that is back opens its log a moment after the manager lists it; the last lines of a task arrive by then (ms). */
const RETURN_MS = 1000;

/** Options of tests. */
export interface FollowOptions {
  limits?: BufferLimits;
  times?: { gather: number; quiet: number; retry: number; return: number };
}

/**
 * One log, followed on behalf of all its viewers: one stream of the engine, which is read as fast as it comes, as the
 * manager would queue what is not read. A stream does not get the lines of a node that was away for a moment, even one
 * that the manager never listed as down: so it is opened again when a node is back, and when it ends. Lines that come again
 * are left out.
 */
export class FollowedLog {
  readonly target: LogTarget;
  readonly buffer: LogBuffer;
  readonly #engine: Engine;
  readonly #feed: Pick<Feed, 'current' | 'subscribe'>;
  readonly #start: LogStart;
  readonly #times: NonNullable<FollowOptions['times']>;
  readonly #replay = new LogReplay();
  readonly #returning = new ReturningNodes();
  readonly #viewers = new Set<() => void>();
  readonly #closed = new AbortController();
  readonly #unsubscribe: () => void;
  #status: LogStatus = { state: 'opening', error: null, missing: [] };
  /** Ends the present stream, so that another is opened. */
  #stream = new AbortController();
  #lines: (LogLine & { afterGap: boolean })[] = [];
  /** Of the lines' texts. */
  #characters = 0;
  /** Older lines that were left out, as these have too many characters. */
  #trimmed = 0;
  #failures: LogFailure[] = [];
  #leftOut = 0;
  /** How many entries may be passed on now. */
  #room = BURST;
  #roomAt = performance.now();
  #gathering: NodeJS.Timeout | undefined;
  /** Until when this is the history (ms, `performance.now`). */
  #historyUntil = 0;
  #reopening: NodeJS.Timeout | undefined;
  #settling: NodeJS.Timeout | undefined;
  /** Whether the target has been seen in the view. */
  #wasThere = false;
  /** Its target is gone: there will be no line any more. */
  #isOver = false;

  constructor(
    engine: Engine,
    feed: Pick<Feed, 'current' | 'subscribe'>,
    target: LogTarget,
    start: LogStart,
    { limits, times }: FollowOptions = {},
  ) {
    this.#engine = engine;
    this.#feed = feed;
    this.target = target;
    this.#start = start;
    this.#times = times ?? {
      gather: GATHER_MS,
      quiet: HISTORY_QUIET_MS,
      retry: RETRY_MS[0],
      return: RETURN_MS,
    };
    this.buffer = new LogBuffer(limits);
    this.#look();
    this.#unsubscribe = feed.subscribe(() => this.#look());
    void this.#follow();
  }

  get status(): LogStatus {
    return this.#status;
  }

  /** Number of viewers. */
  get viewers(): number {
    return this.#viewers.size;
  }

  /** Calls `notify` when there are new entries or the status has changed. */
  subscribe(notify: () => void): () => void {
    const viewer = () => notify();
    this.#viewers.add(viewer);
    return () => void this.#viewers.delete(viewer);
  }

  close(): void {
    this.#closed.abort();
    this.#stream.abort();
    this.#unsubscribe();
    clearTimeout(this.#gathering);
    clearTimeout(this.#reopening);
    clearTimeout(this.#settling);
  }

  get #isClosed(): boolean {
    return this.#closed.signal.aborted;
  }

  async #follow(): Promise<void> {
    let failures = 0;
    let opened = false;
    while (!this.#isClosed && !this.#isOver) {
      this.#stream = new AbortController();
      const { tail, since } = this.#start;
      const options = { follow: true, tail: opened ? Math.max(tail, REPLAY_TAIL) : tail, since };
      this.#replay.reopen();
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => this.#replay.settle(), SETTLE_MS).unref();
      const onOpen = () => {
        failures = 0;
        opened = true;
        this.#room = HISTORY;
        this.#historyUntil = performance.now() + HISTORY_MS;
        this.#setStatus({ state: 'live', error: null });
      };
      const { signal } = this.#stream;
      let error: EngineError | null = null;
      try {
        const pieces = this.#engine.logs(this.target, options, signal, onOpen);
        for await (const entries of pieces) this.#gather(entries);
      } catch (caught) {
        // Anything else is a defect, which must not end the process.
        if (!isEngineError(caught)) console.error('A log could not be read:', caught);
        else error = caught;
      }
      this.#flush();
      if (this.#isClosed) return;
      if (this.#isOver) break;
      if (error?.kind === 'not-found' && error.refused === false) {
        return this.#setStatus({ state: 'ended', error });
      }
      if (signal.aborted) continue;
      this.#setStatus({ state: 'retrying', error });
      await this.#pause(Math.min(RETRY_MS[1], this.#times.retry * 2 ** failures));
      failures += 1;
    }
    if (this.#isOver) this.#setStatus({ state: 'ended', error: null, missing: [] });
  }

  /** Ends early when a node is back or the log is closed. */
  #pause(ms: number): Promise<void> {
    this.#stream = new AbortController();
    const { signal } = this.#stream;
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Looks at the nodes after each poll. */
  #look(): void {
    const { view } = this.#feed.current();
    if (!view) return;
    if (exists(view, this.target)) this.#wasThere = true;
    // The engine does not end the log of a service that was removed.
    else if (this.#wasThere && !this.#isOver) {
      this.#isOver = true;
      this.#openAgain();
    }
    if (this.#returning.hasReturned(view, this.target)) this.#openAgain();
    const missing = missingNodes(view, this.target);
    if (JSON.stringify(missing) !== JSON.stringify(this.#status.missing)) {
      this.#setStatus({ missing });
    }
  }

  #openAgain(): void {
    clearTimeout(this.#reopening);
    this.#reopening = setTimeout(() => this.#stream.abort(), this.#times.return);
  }

  #gather(entries: readonly LogEntry[]): void {
    this.#refill();
    for (const entry of entries) {
      const novelty = entry.kind === 'line' ? this.#replay.take(entry) : 'new';
      if (novelty === 'known') continue;
      if (this.#room < 1) {
        this.#leftOut += 1;
        continue;
      }
      this.#room -= 1;
      if (entry.kind === 'failure') this.#failures.push(entry);
      else this.#gatherLine({ ...entry, afterGap: novelty === 'after a gap' });
    }
    const left = this.#historyUntil - performance.now();
    const isHistory = left > 0;
    if (isHistory) clearTimeout(this.#gathering);
    else if (this.#gathering) return;
    const wait = isHistory ? Math.min(left, this.#times.quiet) : this.#times.gather;
    this.#gathering = setTimeout(() => this.#flush(), wait);
  }

  /** Of more than the buffer holds only the latest lines are kept: those of several logs that are opened at once are many. */
  #gatherLine(line: LogLine & { afterGap: boolean }): void {
    this.#lines.push(line);
    this.#characters += line.text.length;
    const { bytes, entries } = this.buffer.limits;
    const most = Math.min(entries, Math.ceil(bytes / BYTES_PER_LINE));
    if (this.#characters <= 2 * bytes && this.#lines.length <= 2 * most) return;
    const ordered = inTimeOrder(this.#lines);
    let first = ordered.length;
    let kept = 0;
    for (let at = first - 1; at >= 0 && ordered.length - at <= most; at -= 1) {
      kept += ordered[at]?.text.length ?? 0;
      if (kept > bytes) break;
      first = at;
    }
    this.#trimmed += first;
    this.#lines = ordered.slice(first);
    this.#characters = this.#lines.reduce((sum, { text }) => sum + text.length, 0);
  }

  #refill(): void {
    const now = performance.now();
    const more = Math.min(BURST, this.#room + ((now - this.#roomAt) / 1000) * PER_SECOND);
    this.#room = Math.max(this.#room, more);
    this.#roomAt = now;
  }

  #flush(): void {
    clearTimeout(this.#gathering);
    this.#gathering = undefined;
    const before = this.buffer.next;
    if (this.#trimmed > 0) {
      this.buffer.push({ kind: 'note', text: leftOutText(this.#trimmed), taskId: null });
    }
    for (const { afterGap, ...line } of inTimeOrder(this.#lines)) {
      const { taskId } = line;
      if (afterGap) this.buffer.push({ kind: 'note', text: LINES_LOST, taskId });
      this.buffer.push(line);
    }
    for (const { text } of this.#failures) this.buffer.push({ kind: 'note', text, taskId: null });
    if (this.#leftOut > 0) {
      this.buffer.push({ kind: 'note', text: leftOutText(this.#leftOut), taskId: null });
    }
    this.#lines = [];
    this.#characters = 0;
    this.#trimmed = 0;
    this.#failures = [];
    this.#leftOut = 0;
    if (this.buffer.next > before) this.#notify();
  }

  #setStatus(change: Partial<LogStatus>): void {
    this.#status = { ...this.#status, ...change };
    this.#notify();
  }

  #notify(): void {
    for (const notify of this.#viewers) notify();
  }
}

const LINES_LOST = 'Some lines of this task are missing here.';

function leftOutText(count: number): string {
  return `${count} ${count === 1 ? 'line was' : 'lines were'} left out here: they came faster than the dashboard passes them on.`;
}
