import { promises as files } from 'node:fs';

/** Interval at which the socket's file is checked (ms). */
const INTERVAL_MS = 500;

/**
 * Calls `onReplaced` once when another file has taken the place of the socket's file. A missing file does not
 * count: calls fail then. Returns a function that stops watching.
 */
export async function watchSocket(path: string, onReplaced: () => void): Promise<() => void> {
  const identify = () =>
    files.stat(path).then(
      ({ dev, ino }) => `${dev} ${ino}`,
      () => null,
    );
  const first = await identify();
  const timer = setInterval(() => {
    void identify().then((current) => {
      if (current === null || current === first) return;
      clearInterval(timer);
      onReplaced();
    });
  }, INTERVAL_MS);
  timer.unref();
  return () => clearInterval(timer);
}
