import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** How an ssh that fails ends. */
export interface SshEnding {
  stderr: string;
  code: number;
}

/** A program named `ssh`, first on the PATH until the end of the test. */
export interface StandInSsh {
  directory: string;
  /** The socket it connects to, as `docker system dial-stdio` does on the remote host. */
  socketPath: string;
  /** Runs so far. */
  runs(): { pid: number; args: string[] }[];
  /** Pids of the runs that have not ended. */
  alive(): number[];
}

/** Connects its input and output to the socket. */
const PROGRAM = `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
const args = process.argv.slice(2);
appendFileSync(join(__dirname, 'runs'), JSON.stringify({ pid: process.pid, args }) + '\\n');
const socket = require('node:net').connect(join(__dirname, 'docker.sock'));
process.stdin.pipe(socket).pipe(process.stdout);
socket.on('error', () => {}).on('close', () => process.exit());
`;

/** Fails; a shell starts much faster than Node.js. */
const failing = (directory: string, code: number) => `#!/bin/sh
echo "{\\"pid\\":$$,\\"args\\":[]}" >> '${directory}/runs'
cat '${directory}/stderr' >&2
exit ${code}
`;

/** Installs the program for the current test, which listens at `socketPath`; with `ending` it fails. */
export function standInSsh(ending?: SshEnding): StandInSsh {
  const directory = mkdtempSync(join(tmpdir(), 'clusterhat-ssh-'));
  const log = join(directory, 'runs');
  writeFileSync(log, '');
  const program = join(directory, 'ssh');
  if (ending) writeFileSync(join(directory, 'stderr'), ending.stderr);
  writeFileSync(program, ending ? failing(directory, ending.code) : PROGRAM);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${directory}${delimiter}${process.env['PATH']}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    rmSync(directory, { recursive: true });
  });
  const runs = () =>
    readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { pid: number; args: string[] });
  const alive = () => runs().flatMap(({ pid }) => (isAlive(pid) ? [pid] : []));
  return { directory, socketPath: join(directory, 'docker.sock'), runs, alive };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // A zombie of a parent that was killed counts as ended.
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return true;
  }
}
