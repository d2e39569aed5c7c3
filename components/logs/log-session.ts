import { openLog, type LogConnection, type LogLink } from '@/lib/client/log-connection';
import type { ShownProblem } from '@/lib/client/request';
import type { LogMessage } from '@/lib/swarm/logs/messages';
import { LogIntake, type LogState } from './log-intake';
import { LogList, type ListSnapshot, type NewListEntry } from './log-list';

/** A log as the page shows it. */
export interface LogSnapshot extends ListSnapshot {
  readonly link: LogLink;
  /** Why the server refuses the log; null unless it does. */
  readonly problem: ShownProblem | null;
  /** What the server reports; null before it does. */
  readonly log: LogState | null;
  /** The lines that there were at first have arrived. */
  readonly hasHistory: boolean;
}

/** New lines are shown so often (ms): fewer in each frame. */
const SHOWN_MS = 50;
/** The lines that there were at first arrive within this time after the engine has answered (ms). */
const HISTORY_MS = 2500;

/** `isUrgent`: what the user does, such as a pause; not new lines. */
type SessionListener = (isUrgent: boolean) => void;

/** A log that the page follows: its connection, its entries, and whether it is paused. */
export class LogSession {
  readonly #path: `api/${string}`;
  readonly #intake = new LogIntake();
  readonly #list = new LogList();
  readonly #listeners = new Set<SessionListener>();
  #connection: LogConnection | null = null;
  #link: LogLink = 'connecting';
  #problem: ShownProblem | null = null;
  #log: LogState | null = null;
  #liveAt: number | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #snapshot: LogSnapshot;

  constructor(path: `api/${string}`) {
    this.#path = path;
    this.#snapshot = this.#take();
  }

  /** Opens the connection for the first listener, and closes it after the last. */
  readonly subscribe = (listener: SessionListener) => {
    this.#listeners.add(listener);
    this.#connection ??= openLog(this.#path, {
      message: (message) => this.#receive(message),
      link: (link, problem) => {
        this.#link = link;
        this.#problem = problem;
        this.#later();
      },
    });
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#connection?.close();
      this.#connection = null;
    };
  };

  /** The same until something has changed. */
  readonly current = () => this.#snapshot;

  pause(): void {
    this.#list.pause();
    this.#publish(true);
  }

  follow(): void {
    this.#list.follow();
    this.#publish(true);
  }

  /** Adds entries that are older than those of the list. */
  addOlder(entries: readonly NewListEntry[]): number {
    const first = this.#list.addOlder(entries);
    this.#publish(true);
    return first;
  }

  reconnect(): void {
    this.#connection?.reconnect();
  }

  #receive(message: LogMessage): void {
    if (message.kind === 'state') {
      const { kind: _, ...log } = message;
      this.#log = log;
      if (log.state === 'live') this.#liveAt ??= performance.now();
    }
    this.#list.add(this.#intake.take(message, performance.now()));
    this.#later();
  }

  #later(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#list.add(this.#intake.due(performance.now()));
      this.#publish(false);
      // Until what is due by time alone has been shown.
      if (this.#log && !this.#snapshot.hasHistory) this.#later();
    }, SHOWN_MS);
  }

  #publish(isUrgent: boolean): void {
    this.#snapshot = this.#take();
    for (const listener of this.#listeners) listener(isUrgent);
  }

  #take(): LogSnapshot {
    const since = this.#liveAt === null ? -1 : performance.now() - this.#liveAt;
    return {
      ...this.#list.snapshot,
      link: this.#link,
      problem: this.#problem,
      log: this.#log,
      hasHistory: since > HISTORY_MS || this.#log?.state === 'ended',
    };
  }
}
