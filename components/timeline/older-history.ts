import type { TimelineNews } from '@/lib/swarm/timeline';
import { TIMELINE_MS } from '@/lib/swarm/timeline-length';
import type { TimelineHistory } from '@/lib/client/cache';
import type { Result } from '@/lib/client/request';

/** What was loaded of the time before the live part: `from` … `to` (ms). */
export interface OlderHistory extends TimelineNews {
  from: number;
  to: number;
}

/** Wait after a request that failed (ms). */
const RETRY_MS = 10_000;
/** Part of the live part that is loaded too, so that the two still meet when that has moved on. */
const OVERLAP = 1 / 6;

/** From when on the live part is complete (ms). */
export function liveStart({ forgottenUntil }: TimelineHistory, now: number): number {
  return Math.max(forgottenUntil ?? 0, now - TIMELINE_MS);
}

/** Loads what a time window needs of the time before the live part. `load` must not throw. */
export class OlderHistoryLoader {
  #older: OlderHistory | null = null;
  #problem: string | null = null;
  #loading = false;
  #failedAt = Number.NEGATIVE_INFINITY;
  readonly #listeners = new Set<() => void>();

  constructor(private readonly load: (from: number, to: number) => Promise<Result<TimelineNews>>) {}

  readonly get = (): OlderHistory | null => this.#older;

  /** Why nothing could be loaded; null if it could. */
  readonly problem = (): string | null => this.#problem;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Loads the time from `from` on, unless the live part or an earlier answer has it. */
  async need(from: number, live: TimelineHistory, now: number): Promise<void> {
    const start = liveStart(live, now);
    const older = this.#older;
    const isThere = older !== null && older.from <= from && older.to >= start;
    if (from >= start || isThere || this.#loading || now - this.#failedAt < RETRY_MS) return;
    this.#loading = true;
    const to = Math.round(start + (now - start) * OVERLAP);
    const result = await this.load(Math.floor(from), to);
    this.#loading = false;
    this.#problem = result.ok ? null : result.problem.detail;
    if (result.ok) this.#older = { ...result.data, from, to };
    else this.#failedAt = now;
    for (const listener of this.#listeners) listener();
  }
}

/** The live part with what was loaded of the time before it. */
export function withOlder(live: TimelineHistory, older: OlderHistory | null): TimelineHistory {
  if (!older) return live;
  const { to } = older;
  return {
    entries: [...older.entries, ...live.entries.filter(({ at }) => at >= to)],
    spans: [...older.spans, ...live.spans.filter((span) => span.to === null || span.to >= to)],
    gaps: [...older.gaps, ...live.gaps.filter((gap) => gap.to === null || gap.to >= to)],
    forgottenUntil: older.forgottenUntil,
  };
}
