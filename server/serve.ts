import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { fileURLToPath } from 'node:url';

/**
 * Small heaps for a small machine (docs/decisions/004): the server takes about 105 MB with five tabs,
 * with Node's own choice 170 MB. Dockerfile.dashboard and deploy/clusterhat.service set the same.
 */
const HEAP_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=128'];
/** For glibc, which otherwise keeps up to eight arenas per processor. */
const ARENAS = { MALLOC_ARENA_MAX: '2' };
/** Set for a server that exits when its standard input ends (standalone.ts). */
const ENDS_WITH_INPUT = 'CLUSTERHAT_ENDS_WITH_INPUT';
const HEAP_SIZE = /^--max[-_]old[-_]space[-_]size/;
const RETRY_MS = 20;
const PASS_ON_MS = 1000;
const ANSWER_MS = 2000;

/** What the server listens on, and the rest of its environment. */
export interface ServerEnvironment extends NodeJS.ProcessEnv {
  HOSTNAME: string;
  PORT: string;
}

/**
 * Runs the server (standalone.ts) until it ends, and ends this process as it did; returns at once. Heap
 * sizes are set when a process starts: where Node's options already set one (a container, systemd),
 * the server runs in this process, otherwise in a child with small heaps.
 */
export function serve(server: URL, environment: ServerEnvironment): void {
  const env: NodeJS.ProcessEnv = {
    ...environment,
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
  };
  if (heapSizeIsSet()) {
    Object.assign(process.env, env);
    void import(server.href);
  } else {
    serveInChild(fileURLToPath(server), env);
  }
}

function heapSizeIsSet(): boolean {
  const flags = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/)];
  return flags.some((flag) => HEAP_SIZE.test(flag));
}

function serveInChild(server: string, env: NodeJS.ProcessEnv): void {
  // The server exits when its standard input ends, so it never outlives this process.
  const child = spawn(process.execPath, [...HEAP_FLAGS, server], {
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...ARENAS, ...env, [ENDS_WITH_INPUT]: '1' },
  });
  // A terminal sends Ctrl-C to both, and this process waits for the server to shut down; a supervisor
  // may send it to this process alone.
  process.on('SIGINT', () => setTimeout(() => child.kill('SIGTERM'), PASS_ON_MS).unref());
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    console.error(`clusterhat: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    // Next's server exits with 128 and the signal's number when the signal comes before it is up.
    const stopped = signal === 'SIGTERM' || signal === 'SIGINT' || code === 143 || code === 130;
    if (signal && !stopped) console.error(`clusterhat: the dashboard was ended by ${signal}.`);
    process.exit(stopped ? 0 : (code ?? 1));
  });
}

/** Resolves when the server at this address answers. */
export async function untilAnswering(host: string, port: number): Promise<void> {
  while (!(await answers(host, port))) await new Promise((retry) => setTimeout(retry, RETRY_MS));
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = { host, port, path: '/healthz', agent: false, timeout: ANSWER_MS };
    const request = get(asked, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
