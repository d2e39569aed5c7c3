import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as later } from 'node:timers/promises';

/** A dashboard server process of one test, from the production build. */
export interface DashboardProcess {
  url: string;
  /** The server's process id. */
  pid(): number;
  /** Resident memory (MB). */
  memory(): number;
  /** Peak resident memory so far (MB). */
  peakMemory(): number;
  /** CPU time used so far (s). */
  cpu(): number;
  /** What it has written to its standard output and error so far. */
  output(): string;
  /** Sends a signal, waits for the exit and returns how long that took (ms). */
  stop(signal?: NodeJS.Signals): Promise<number>;
  /** Starts it again on the same port after `stop`. */
  restart(): Promise<void>;
}

/** Options of a dashboard; other variables are inherited from the test's environment. */
export interface DashboardOptions {
  dockerHost: string;
  env?: Record<string, string>;
  /** Run as this user instead of the test's own. */
  uid?: number;
  /** Maximum of open descriptors (`ulimit -n`). */
  descriptors?: number;
}

/** A free port on loopback. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`the dashboard ended:\n${output()}`);
    const ok = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return;
    await later(50);
  }
  throw new Error(`the dashboard does not answer:\n${output()}`);
}

const NODE = [
  process.execPath,
  '--max-semi-space-size=1',
  '--max-old-space-size=128',
  'dist/package/server/server.cjs',
] as const;

/** The server's command line; with a limit, a shell sets the limit and then executes the server. */
function commandLine(descriptors?: number): readonly [string, ...string[]] {
  if (descriptors === undefined) return NODE;
  return ['/bin/sh', '-c', `ulimit -n ${descriptors}; exec "$0" "$@"`, ...NODE];
}

/** Starts the production build (`npm run build` made it) and waits until it answers. */
export async function startDashboard({
  dockerHost,
  env = {},
  uid,
  descriptors,
}: DashboardOptions): Promise<DashboardProcess> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  let child: ChildProcess;
  let output = '';

  const launch = async () => {
    const [program, ...args] = commandLine(descriptors);
    child = spawn(program, args, {
      ...(uid === undefined ? {} : { uid, gid: uid }),
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'production',
        MALLOC_ARENA_MAX: '2',
        HOSTNAME: '127.0.0.1',
        PORT: String(port),
        DOCKER_HOST: dockerHost,
        ...env,
      },
    });
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await answers(url, child, () => output);
  };
  await launch();
  const memory = (line: 'VmRSS' | 'VmHWM') => {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
    return Number(new RegExp(`${line}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  };

  return {
    url,
    pid: () => child.pid ?? 0,
    memory: () => memory('VmRSS'),
    peakMemory: () => memory('VmHWM'),
    cpu() {
      // After the name in brackets: user and system time are the 12th and 13th, in ticks of 10 ms.
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ');
      return (Number(fields?.[11]) + Number(fields?.[12])) / 100;
    },
    output: () => output,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode !== null || child.signalCode !== null) return 0;
      const began = performance.now();
      const ended = once(child, 'exit');
      child.kill(signal);
      await ended;
      return performance.now() - began;
    },
    restart: launch,
  };
}
