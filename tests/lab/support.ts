import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { join } from 'node:path';
import { dockerOutput } from '../../lab/docker';

/** Result of a finished command. */
export interface CommandResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

const ROOT = join(import.meta.dirname, '..', '..');

/** Runs a program to its end, whatever its exit code. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; uid?: number } = {},
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...options,
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Runs `npm run -s lab -- …` without npm's overhead. */
export function lab(...args: string[]): Promise<CommandResult> {
  return runCommand(process.execPath, [join('scripts', 'lab.mjs'), ...args]);
}

/** Runs a lab command and returns its stdout; throws unless it succeeds. */
export async function labOk(...args: string[]): Promise<string> {
  const done = await lab(...args);
  if (done.code !== 0) {
    throw new Error(`lab ${args.join(' ')}: exit ${done.code}\n${done.stdout}${done.stderr}`);
  }
  return done.stdout;
}

/** The shell assignments of `lab env` by name. */
export async function labEnv(): Promise<Record<string, string>> {
  const lines = (await labOk('env')).trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.indexOf('=');
      return [line.slice(0, at), line.slice(at + 1)];
    }),
  );
}

/** Runs a docker command on ctrl, as `lab docker ctrl` does, and returns its stdout; throws unless it succeeds. */
export function docker(...args: string[]): Promise<string> {
  return dockerOutput('ctrl', args);
}

/** The columns of a table as the docker client prints it, by the names in its heading. */
export function columns(printed: string): Record<string, string>[] {
  const [heading = '', ...rows] = printed.trimEnd().split('\n');
  // Columns are at least three spaces apart; a name may contain single spaces.
  const starts = [...heading.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    name: match[0],
    at: match.index,
  }));
  return rows.map((row) =>
    Object.fromEntries(
      starts.map(({ name, at }, index) => [name, row.slice(at, starts[index + 1]?.at).trim()]),
    ),
  );
}

/** One GET over a new connection, as `curl` sends it; rejects without a response. */
export function curl(url: string, timeoutMs = 5_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = get(url, { agent: false, timeout: timeoutMs }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => (body += text));
      answer.on('end', () => resolve(body));
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeoutMs} ms`)));
    sent.on('error', reject);
  });
}

/** `count` answers one after the other. */
export async function curlTimes(url: string, count: number): Promise<string[]> {
  const answers: string[] = [];
  for (let sent = 0; sent < count; sent += 1) answers.push(await curl(url));
  return answers;
}

/** Polls `look` until it returns something; throws with `what` after the timeout. */
export async function eventually<T>(
  what: string,
  look: () => Promise<T | undefined>,
  withinMs = 90_000,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() > deadline) throw new Error(`${what}: not within ${withinMs} ms`);
    await new Promise((wake) => setTimeout(wake, 250));
  }
}
