import { appendFileSync, readFileSync } from 'node:fs';

/**
 * Preloaded into the server: writes the processor time (ms) that its main thread took between two turns of
 * its event loop into the file of LOOP_PROBE, a line each, where it was long. Waiting for a processor that
 * others use is not in it, so a busy machine makes it no longer.
 */

/** How often a turn is looked for: a stall is measured as up to this much longer (ms). */
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
