import { EngineError } from './errors';

/** Maximum wait for the changes before (ms). An engine that hangs ends a call after as long. */
const MAX_WAIT_MS = 25_000;

/** Changes of one entity wait for each other, so that none is lost between another one's read and write. */
export class EntityQueue {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs `change` after all earlier ones of `id`, whether they succeeded or not; it receives whether it had to wait.
   * Rejects without running it if they take too long.
   */
  async run<T>(id: string, change: (waited: boolean) => Promise<T>): Promise<T> {
    const before = this.#last.get(id);
    const own = (async () => {
      if (before) await waitFor(before);
      return change(before !== undefined);
    })();
    // The next one waits for this one and, if it gave up waiting, for those before it. Without their results, each of
    // which would keep the one before.
    const settled = Promise.allSettled([before, own]).then(() => {});
    this.#last.set(id, settled);
    try {
      return await own;
    } finally {
      void settled.then(() => {
        if (this.#last.get(id) === settled) this.#last.delete(id);
      });
    }
  }
}

async function waitFor(before: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(
        new EngineError(
          'engine-timeout',
          'Nothing was changed: the changes before this one have not ended.',
          'The engine may be busy; try again.',
        ),
      );
    }, MAX_WAIT_MS);
  });
  try {
    await Promise.race([before, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
