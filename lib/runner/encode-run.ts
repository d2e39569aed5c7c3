import type { RunMessage, RunEngine } from './run-engine';

/**
 * `run` messages of the live stream for one subscriber: each call of the returned function returns what
 * this subscriber has not received, as JSON, or null. Nothing is queued for a slow subscriber.
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
