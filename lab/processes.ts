import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { until } from './exec';

/** One process for as long as it lives: a pid alone may be another program's by now. */
export const ProcessId = z.object({
  pid: z.number().int().positive(),
  /** Field 22 of /proc/PID/stat: clock ticks between boot and the process's start. */
  startTime: z.string(),
});
/** See the schema. */
export type ProcessId = z.infer<typeof ProcessId>;

/** State, parent and start time of a pid, or undefined when there is none. */
function statOf(pid: number): { state: string; parent: number; startTime: string } | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may itself hold blanks and brackets.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return { state: fields[0] ?? '', parent: Number(fields[1]), startTime: fields[19] ?? '' };
}

/** The identity of a running process, or undefined when the pid is free or only a zombie. */
export function identify(pid: number): ProcessId | undefined {
  const stat = statOf(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  return { pid, startTime: stat.startTime };
}

/** Whether it is still this very process that runs under its pid. */
export function isAlive(process: ProcessId): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}

/** The first child of a process: the one inside the pid namespace that `unshare --fork` made. */
export function childOf(parent: ProcessId): number | undefined {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (Number.isInteger(pid) && statOf(pid)?.parent === parent.pid) return pid;
  }
  return undefined;
}

/** Sends a signal to this very process; nothing happens when it has ended. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    // It ended between the look and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until a process has ended. */
export async function ended(id: ProcessId, withinMs = 15_000): Promise<void> {
  await until(`process ${id.pid} to end`, () => Promise.resolve(isAlive(id) ? undefined : true), {
    withinMs,
    everyMs: 10,
  });
}

/** Ends a process at once and waits until it is gone. */
export async function kill(id: ProcessId): Promise<void> {
  signal(id, 'SIGKILL');
  await ended(id);
}
