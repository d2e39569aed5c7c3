import { appendFileSync, readFileSync } from 'node:fs';

/**
 * Preloaded into the server: writes the CPU time (ms) of long turns of its event loop into the file of
 * LOOP_PROBE, one line each. CPU time, because a busy machine does not make it longer.
 */

/** Interval of the measurements: a stall is reported up to this much longer (ms). */
const EVERY_MS = 5;
/** Shorter ones are not written (ms). */
const LONG_MS = 20;

const file = process.env.LOOP_PROBE;
const schedstat = `/proc/${process.pid}/task/${process.pid}/schedstat`;
/** Its first number is the time on a processor (ns). */
const processorTime = () => Number.parseInt(readFileSync(schedstat, 'utf8'), 10) / 1e6;

if (file) {
  let before = processorTime();
  const timer = setInterval(() => {
    const now = processorTime();
    if (now - before > LONG_MS) appendFileSync(file, `${now - before}\n`);
    before = now;
  }, EVERY_MS);
  timer.unref();
}
