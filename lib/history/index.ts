import type { Feed } from '../live';
import { log } from '../log';
import { HistoryFile } from './history-file';

/** Maximum wait for the file when the dashboard starts (ms): a network drive may hang. */
const READ_MS = 10_000;

/** The file that keeps the history across restarts. */
export interface KeptHistory {
  /** Resolves when the history was read, or cannot be. */
  ready: Promise<void>;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Reads the history of a folder into the feed, and keeps there what the feed records from now on. Never rejects. */
export function keepHistory(feed: Pick<Feed, 'encodedView'>, folder: string): KeptHistory {
  const { encodedView } = feed;
  const { timeline } = encodedView;
  let file: HistoryFile | null = null;
  let isLate = false;
  const report = (level: 'info' | 'warn', message: string) => log(level, 'history', { message });
  const read = async () => {
    const opened = await HistoryFile.open(folder, { report, records: () => timeline.records() });
    if (!opened) return;
    if (isLate) {
      report('warn', `reading ${folder} took too long: the history is kept in memory only.`);
      return opened.file.close();
    }
    encodedView.continueFrom(timeline.restore(opened.records, Date.now()));
    file = opened.file;
    timeline.keepIn({
      add: (record) => opened.file.add(record),
      replace(otherSwarm) {
        if (otherSwarm) report('warn', 'the history is of another swarm, and is put aside.');
        opened.file.replace(otherSwarm);
      },
    });
  };
  const late = new Promise<void>((resolve) => {
    setTimeout(() => {
      isLate = true;
      resolve();
    }, READ_MS).unref();
  });
  const done = read().catch((error: unknown) => report('warn', String(error)));
  return {
    ready: Promise.race([done, late]),
    async close() {
      if (!file) return;
      timeline.alive(timeline.lastAt ?? Date.now());
      await file.close();
    },
  };
}
