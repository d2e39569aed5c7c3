import type { RunMessage, RunEngine } from './runner';

/**
 * The `run` message of the live stream for one watcher at a time: each call of the returned
 * function gives what that watcher has not had, as JSON, or null. A slow watcher is not queued for.
 */
export function encodeRun(runner: RunEngine): () => string | null {
  let cursor: Parameters<RunEngine['news']>[0] = null;
  return () => {
    const news = runner.news(cursor);
    if (!news) return null;
    cursor = news.cursor;
    return JSON.stringify({ kind: 'run', ...news.message } satisfies RunMessage & { kind: 'run' });
  };
}
