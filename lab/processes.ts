import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { until } from './exec';

/** Identifies one process; its pid alone may be reused by another program. */
export const ProcessId = z.object({
  pid: z.number().int().positive(),
  /** Field 22 of /proc/PID/stat: clock ticks between boot and the process's start. */
  startTime: z.string(),
});
/** See the schema. */
export type ProcessId = z.infer<typeof ProcessId>;

interface Stat {
  program: string;
  state: string;
  parent: number;
  startTime: string;
}

/** Program, state, parent and start time of a pid, or undefined when there is none. */
function statOf(pid: number): Stat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may contain spaces and brackets.
  const end = text.lastIndexOf(')');
  const fields = text.slice(end + 2).split(' ');
  const program = text.slice(text.indexOf('(') + 1, end);
  return {
    program,
    state: fields[0] ?? '',
    parent: Number(fields[1]),
    startTime: fields[19] ?? '',
  };
}

/** The identity of a running process, or undefined if the pid is free or a zombie. */
export function identify(pid: number): ProcessId | undefined {
  const stat = statOf(pid);
  if (stat === undefined || stat.state === 'Z' || stat.state === 'X') return undefined;
  return { pid, startTime: stat.startTime };
}

/** Whether the process is running, and not another one with its pid. */
export function isAlive(process: ProcessId): boolean {
  return identify(process.pid)?.startTime === process.startTime;
}

/**
 * The pid of a process's child: the one that runs `program`, or by default the only one, as of
 * `unshare --fork`, inside the new pid namespace.
 */
export function childOf(parent: ProcessId, program?: string): number | undefined {
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = statOf(pid);
    if (stat?.parent === parent.pid && (program ?? stat.program) === stat.program) return pid;
  }
  return undefined;
}

/** Sends a signal to the process unless it has exited. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    // It exited between the check and the signal.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Waits until a process has exited. */
export async function ended(id: ProcessId, withinMs = 15_000): Promise<void> {
  await until(`process ${id.pid} to end`, () => Promise.resolve(isAlive(id) ? undefined : true), {
    withinMs,
    everyMs: 10,
  });
}

/** Kills a process and waits until it has exited. */
export async function kill(id: ProcessId): Promise<void> {
  signal(id, 'SIGKILL');
  await ended(id);
}
