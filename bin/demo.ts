import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { demoSocketPath } from '../demo/socket-path';

/** A demo swarm in a child process, which ends with this one. */
export interface DemoProcess {
  dockerHost: string;
  /** Where ctrl's published ports answer, once the demo runs. */
  entryAddress: Promise<string>;
}

/**
 * Starts the demo swarm. Its socket is chosen here, so that the dashboard can start beside it and not
 * after it. Throws an `Error` with one sentence.
 */
export function startDemo(program: URL): DemoProcess {
  const given = process.env['DEMO_SOCKET'];
  const socket = given ? resolve(given) : demoSocketPath(process.env, process.pid);
  const demo = spawn(process.execPath, [fileURLToPath(program), '--stdin', '--socket', socket], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  // Whatever ends this process may end the demo too.
  let ending = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => (ending = true));
  demo.on('error', (error) => {
    console.error(`clusterhat: the demo swarm cannot be started: ${error.message}`);
    process.exit(1);
  });
  demo.on('exit', (code, signal) => {
    if (ending) return;
    // It has printed the reason itself.
    if (code !== 2) console.error(`clusterhat: the demo swarm ended (${code ?? signal}).`);
    process.exit(code || 1);
  });
  process.on('exit', () => demo.kill());
  const entryAddress = new Promise<string>((resolve) => {
    createInterface({ input: demo.stdout }).on('line', (line) => {
      const addresses = /^DEMO_ADDRESSES=([^,]+)/.exec(line)?.[1];
      if (addresses) resolve(addresses);
    });
  });
  return { dockerHost: `unix://${socket}`, entryAddress };
}
