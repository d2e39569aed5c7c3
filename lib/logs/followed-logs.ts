import type { Engine } from '../engine';
import type { Feed } from '../live';
import type { LogTarget } from '../swarm/logs/target';
import { FollowedLog, type LogStart } from './followed-log';
import { BUFFER_LIMITS } from './log-buffer';

/** Most logs that are followed at once: each is a stream of the engine and some megabytes. */
const MAX_FOLLOWED = 12;
/**
 * Bytes of what all followed logs hold for their viewers, together: a few hold as much as each may, of many each holds an
 * equal share, some 2,600 lines of 60 characters when there are twelve.
 */
const ALL_BYTES = 8_000_000;
/** Most logs that are read as a whole at once: each holds up to a megabyte of text, in objects. */
const MAX_WHOLE = 4;
/** A log is followed for this long after its last viewer has left, who may reconnect (ms). */
const LINGER_MS = 10_000;

/** The followed logs of the process. Viewers of the same log share one. */
export class FollowedLogs {
  readonly #engine: Engine;
  readonly #feed: Pick<Feed, 'current' | 'subscribe'>;
  readonly #logs = new Map<string, { log: FollowedLog; linger: NodeJS.Timeout | undefined }>();

  constructor(engine: Engine, feed: Pick<Feed, 'current' | 'subscribe'>) {
    this.#engine = engine;
    this.#feed = feed;
  }

  #whole = 0;

  /** Number of logs that are followed, each by one stream of the engine. */
  get size(): number {
    return this.#logs.size;
  }

  /** The log from this start on; null if too many are followed. Without a viewer it is closed after a moment. */
  open(target: LogTarget, start: LogStart): FollowedLog | null {
    const { tail, since, duration } = start;
    // Every moment has another time for the same duration.
    const key = JSON.stringify([target.kind, target.id, tail, duration ?? since]);
    const known = this.#logs.get(key);
    if (known && known.log.status.state !== 'ended') {
      this.#linger(key);
      return known.log;
    }
    if (known) this.#close(key);
    if (this.#logs.size >= MAX_FOLLOWED) this.#closeUnwatched();
    if (this.#logs.size >= MAX_FOLLOWED) return null;
    const log = new FollowedLog(this.#engine, this.#feed, target, start);
    this.#logs.set(key, { log, linger: undefined });
    this.#share();
    this.#linger(key);
    return log;
  }

  /** Takes a place for a log that is read as a whole; returns the function that frees it, or null if there is none. */
  takePlace(): (() => void) | null {
    if (this.#whole >= MAX_WHOLE) return null;
    this.#whole += 1;
    let free = () => {
      this.#whole -= 1;
      free = () => {};
    };
    return () => free();
  }

  /** Closes all. */
  close(): void {
    for (const key of this.#logs.keys()) this.#close(key);
  }

  #linger(key: string): void {
    const entry = this.#logs.get(key);
    if (!entry) return;
    clearTimeout(entry.linger);
    const { log } = entry;
    entry.linger = setTimeout(() => {
      if (log.viewers === 0) this.#close(key);
      else this.#linger(key);
    }, LINGER_MS).unref();
  }

  #closeUnwatched(): void {
    for (const [key, { log }] of this.#logs) {
      if (log.viewers > 0) continue;
      this.#close(key);
      return;
    }
  }

  #close(key: string): void {
    const entry = this.#logs.get(key);
    clearTimeout(entry?.linger);
    entry?.log.close();
    this.#logs.delete(key);
    this.#share();
  }

  #share(): void {
    const bytes = Math.min(
      BUFFER_LIMITS.bytes,
      Math.floor(ALL_BYTES / Math.max(1, this.#logs.size)),
    );
    for (const { log } of this.#logs.values()) {
      if (log.buffer.limits.bytes !== bytes) log.buffer.limitTo(bytes);
    }
  }
}
