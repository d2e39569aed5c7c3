import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { run } from '../../lab/exec';

/** Makes the release as a maintainer does; returns the path of its archive. */
export async function makeRelease(): Promise<string> {
  await run(process.execPath, ['scripts/release.mjs']);
  const [archive] = readdirSync('dist').filter((name) => name.endsWith('.tgz'));
  if (!archive) throw new Error('npm run release made no archive');
  return join(process.cwd(), 'dist', archive);
}

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-release-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Unpacks the release; returns the folder of its package.json. */
export async function unpack(archive: string): Promise<string> {
  const folder = temporaryFolder();
  await run('tar', ['-xzf', archive, '-C', folder]);
  return join(folder, 'package');
}

/** An environment without engine addresses and dashboard settings. */
export function bareEnvironment(home: string): Record<string, string> {
  return { PATH: process.env.PATH ?? '', HOME: home, XDG_RUNTIME_DIR: home, NO_COLOR: '1' };
}

/** A running command and its output so far. */
export interface Running {
  child: ChildProcess;
  output: () => string;
  /** Resolves with the first match of `pattern` in its output; throws if it exits first. */
  printed: (pattern: RegExp) => Promise<RegExpExecArray>;
  /** Sends SIGTERM to the command only, as a supervisor does; resolves with its exit code. */
  stop: () => Promise<number | null>;
  /** Sends SIGINT to the process group, as Ctrl-C in a terminal does. */
  interrupt: () => Promise<number | null>;
}

/** Starts a command in its own process group, which is interrupted after the test. */
export function start(
  command: string,
  args: readonly string[],
  options: { env: Record<string, string>; cwd?: string },
): Running {
  const child = spawn(command, args, {
    ...options,
    env: { NODE_ENV: 'production', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  let notify = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      notify();
    });
  }
  const closed = once(child, 'close').then(() => notify());
  const end = async (pid: number, signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(pid, signal);
    await closed;
    return child.exitCode;
  };
  const { pid } = child;
  if (pid === undefined) throw new Error(`${command} could not be started`);
  const stop = () => end(pid, 'SIGTERM');
  const interrupt = () => end(-pid, 'SIGINT');
  onTestFinished(async () => void (await interrupt()));
  return {
    child,
    output: () => text,
    stop,
    interrupt,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(text);
        if (match) return match;
        if (child.exitCode !== null || child.signalCode !== null) {
          await closed;
          throw new Error(`${command} ended (${child.exitCode}):\n${text}`);
        }
        await new Promise<void>((resolve) => (notify = resolve));
      }
    },
  };
}
