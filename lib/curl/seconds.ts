import { isFailure, SECONDS_SHOWN, type Answer, type Second } from './run';

interface RevisedSecond extends Second {
  /** The value of `Seconds.rev` at its last change. */
  rev: number;
}

/** Counts per second of one run, for the stacked bars; at most 6,000 seconds, one per request. */
export class Seconds {
  readonly #seconds: (RevisedSecond | undefined)[] = [];
  #rev = 0;

  /** Increases with every change. */
  get rev(): number {
    return this.#rev;
  }

  /** Counts one request's outcome in the second of its tick. */
  add({ at, error, taskId }: Pick<Answer, 'at' | 'error' | 'taskId'>): void {
    const second = this.#at(at);
    if (isFailure(error)) second.failed += 1;
    else second.answers[taskId ?? ''] = (second.answers[taskId ?? ''] ?? 0) + 1;
  }

  /** Counts a tick that had no free place. */
  skip(at: number): void {
    this.#at(at).skipped += 1;
  }

  /** Those of the last 60 seconds that have changed since `rev`, oldest first. */
  since(rev: number): Second[] {
    return this.#seconds.slice(-SECONDS_SHOWN).flatMap((stored) => {
      if (!stored || stored.rev <= rev) return [];
      const { second, answers, failed, skipped } = stored;
      return { second, answers: { ...answers }, failed, skipped };
    });
  }

  #at(at: number): RevisedSecond {
    const second = Math.max(0, Math.floor(at / 1000));
    this.#rev += 1;
    const stored = this.#seconds[second] ?? { second, answers: {}, failed: 0, skipped: 0, rev: 0 };
    stored.rev = this.#rev;
    this.#seconds[second] = stored;
    return stored;
  }
}
