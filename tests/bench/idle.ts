import { spawn } from 'node:child_process';

/** Waits for ticks like the runner's clock, and does nothing else. */
const IDLE = `
const [gap, count] = process.argv.slice(1).map(Number);
const late = [];
const start = performance.now();
const next = (i) => {
  const due = start + i * gap;
  const wait = () => {
    const now = performance.now();
    if (now < due) return setImmediate(wait);
    late.push(now - due);
    if (i < count) next(i + 1);
    else console.log(JSON.stringify(late));
  };
  setTimeout(wait, Math.max(0, Math.floor(due - performance.now())));
};
next(1);
`;

/**
 * Lateness of ticks in an otherwise idle process (ms): the machine's share of any lateness measured at the same
 * time.
 */
export async function idleLateness(gapMs: number, count: number): Promise<number[]> {
  const child = spawn(process.execPath, ['-e', IDLE, String(gapMs), String(count)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  for await (const chunk of child.stdout.setEncoding('utf8')) text += String(chunk);
  const late: unknown = JSON.parse(text);
  return Array.isArray(late) ? late.map(Number) : [];
}
