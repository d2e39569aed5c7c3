import { isFailure, SECONDS_SHOWN, type Answer, type Second } from './run';

/** A run second by second, for the stacked bars. */

interface Kept extends Second {
  /** Rises with every change of any second. */
  rev: number;
}

/** Adds up the seconds of one run as its answers come in; at most 6,000, as each has a slot. */
export class Seconds {
  readonly #seconds: (Kept | undefined)[] = [];
  #rev = 0;

  /** Rises with every change. */
  get rev(): number {
    return this.#rev;
  }

  /** Counts one request's outcome in the second of its slot. */
  add({ at, error, taskId }: Pick<Answer, 'at' | 'error' | 'taskId'>): void {
    const second = this.#at(at);
    if (isFailure(error)) second.failed += 1;
    else second.answers[taskId ?? ''] = (second.answers[taskId ?? ''] ?? 0) + 1;
  }

  /** Counts a slot that had no free place. */
  skip(at: number): void {
    this.#at(at).skipped += 1;
  }

  /** Of the last 60 seconds those that have changed since `rev`, oldest first. */
  since(rev: number): Second[] {
    return this.#seconds.slice(-SECONDS_SHOWN).flatMap((kept) => {
      if (!kept || kept.rev <= rev) return [];
      const { second, answers, failed, skipped } = kept;
      return { second, answers: { ...answers }, failed, skipped };
    });
  }

  #at(at: number): Kept {
    const second = Math.max(0, Math.floor(at / 1000));
    this.#rev += 1;
    const kept = this.#seconds[second] ?? { second, answers: {}, failed: 0, skipped: 0, rev: 0 };
    kept.rev = this.#rev;
    this.#seconds[second] = kept;
    return kept;
  }
}
