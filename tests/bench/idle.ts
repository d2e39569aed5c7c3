import { spawn } from 'node:child_process';

/** Waits for slots as the runner's clock does, and does nothing else. */
const IDLE = `
const [gap, count] = process.argv.slice(1).map(Number);
const late = [];
const start = performance.now();
const next = (i) => {
  const due = start + i * gap;
  const look = () => {
    const now = performance.now();
    if (now < due) return setImmediate(look);
    late.push(now - due);
    if (i < count) next(i + 1);
    else console.log(JSON.stringify(late));
  };
  setTimeout(look, Math.max(0, Math.floor(due - performance.now())));
};
next(1);
`;

/**
 * How late (ms) slots are in a process that has nothing else to do: the machine's own share of
 * every lateness that is measured at the same time.
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
