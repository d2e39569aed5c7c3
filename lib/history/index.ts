import type { Feed } from '../live';
import { log } from '../log';
import { HistoryFile } from './history-file';

/** The start waits for the file while it is being read, but no longer than this without a record (ms): a network drive may hang. */
const STALLED_MS = 10_000;

/** The file that keeps the history across restarts. */
export interface KeptHistory {
  /** Resolves when the history was read, or cannot be. */
  ready: Promise<void>;
  /** Writes what is left. */
  close(): Promise<void>;
}

/** Reads the history of a folder into the feed, and keeps there what the feed records from now on. Never rejects. */
export function keepHistory(
  feed: Pick<Feed, 'encodedView'>,
  folder: string,
  stalledMs = STALLED_MS,
): KeptHistory {
  const { encodedView } = feed;
  const { timeline } = encodedView;
  let file: HistoryFile | null = null;
  let isLate = false;
  let stalled: NodeJS.Timeout | undefined;
  const report = (level: 'info' | 'warn', message: string) => log(level, 'history', { message });
  const read = async () => {
    const opened = await HistoryFile.open(folder, {
      report,
      records: () => timeline.records(),
      onProgress() {
        if (!isLate) stalled?.refresh();
      },
    });
    if (isLate) return opened?.file.close();
    if (!opened) return;
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
    stalled = setTimeout(() => {
      isLate = true;
      report('warn', `${folder} does not respond: the history is kept in memory only.`);
      resolve();
    }, stalledMs);
    stalled.unref();
  });
  const done = read()
    .catch((error: unknown) => report('warn', String(error)))
    .finally(() => clearTimeout(stalled));
  return {
    ready: Promise.race([done, late]),
    async close() {
      if (!file) return;
      timeline.alive(timeline.lastAt ?? Date.now());
      await file.close();
    },
  };
}
