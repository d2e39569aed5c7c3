import { spawn } from 'node:child_process';
import { LabFailure } from './failure';

/** Result of a finished command. */
export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command to its end, whatever its exit code; `input` goes to its stdin. */
export function tryRun(command: string, args: readonly string[], input = ''): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    // If a command exits before reading all input, its exit code counts, not the broken pipe.
    child.stdin.on('error', () => undefined);
    child.on('error', reject);
    child.on('close', (code) => resolve({ code: code ?? 128, stdout, stderr }));
    child.stdin.end(input);
  });
}

/** Runs a command and returns its stdout; throws with the command's stderr unless it succeeds. */
export async function run(
  command: string,
  args: readonly string[],
  input?: string,
): Promise<string> {
  const done = await tryRun(command, args, input);
  if (done.code !== 0) {
    const words = (done.stderr || done.stdout).trim();
    throw new LabFailure(`${command} ${args.join(' ')}: exit ${done.code}\n${words}`);
  }
  return done.stdout;
}

/** Runs a command on the terminal's stdin, stdout (or `stdout`) and stderr; returns its exit code. */
export function passThrough(
  command: string,
  args: readonly string[],
  stdout: 1 | 2 = 1,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: [0, stdout, 2] });
    // Ctrl-C reaches the child through the terminal, and the child handles it.
    const ignore = (): void => undefined;
    process.on('SIGINT', ignore);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      process.off('SIGINT', ignore);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

/** Polls `look` every `everyMs` until it returns something; throws with `what` after `withinMs`. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined>,
  { withinMs = 90_000, everyMs = 50 } = {},
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) {
      throw new LabFailure(`waited ${withinMs / 1000} s for ${what}, in vain`);
    }
    await new Promise((wake) => setTimeout(wake, everyMs));
  }
}
