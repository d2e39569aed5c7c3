import { VERSION } from './build';
import { keepHistory } from './history';
import { closeStreams, getFeed } from './live';
import { flushLog, log } from './log';
import { restoreNodesAtStart, getRunner } from './runner/app-runner';
import { getSettings } from './settings';

try {
  getSettings();
} catch (error) {
  process.stderr.write(`clusterhat: ${(error as Error).message}\n`);
  process.exit(1);
}

log('info', 'start', { message: `clusterhat ${VERSION}` });

const { record, stateFolder } = getSettings();
const history = stateFolder === null ? null : keepHistory(getFeed(), stateFolder);
if (history) getFeed().prepare(history.ready);

// Starts the first read early, so that the first page need not wait. A failure is reported by the next read.
if (record) getFeed().record();
else
  void getFeed()
    .fresh()
    .catch(() => {});

void restoreNodesAtStart();

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    flushLog();
    log('info', 'stop', { message: signal });
    const safe = getRunner()
      .shutdown()
      .then(() => history?.close());
    exitAfter(safe);
    closeStreams();
    // Next waits for every connection; an idle one that a browser holds open must not delay the exit.
    setTimeout(() => process.exit(0), LAST_RESORT_MS).unref();
  });
}

/** Time from the signal to the exit (ms): less than two seconds. */
const LAST_RESORT_MS = 1500;
/** Maximum wait for a drill to restore its node before the exit (ms). */
const BRING_BACK_MS = 8000;

/**
 * Delays `process.exit`, which Next calls when its connections are closed. The exit code is 0: Next
 * exits with 128 plus the signal's number, which systemd and docker count as a failure.
 */
function exitAfter(safe: Promise<void>): void {
  const exit = process.exit.bind(process);
  let late: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (late = setTimeout(resolve, BRING_BACK_MS)));
  process.exit = () => {
    void Promise.race([safe, limit]).finally(() => {
      clearTimeout(late);
      exit(0);
    });
    return undefined as never;
  };
}
