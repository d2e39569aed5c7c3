import { spawn } from 'node:child_process';
import { get } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';

/**
 * Small heaps for a small machine: with these the server takes about 105 MB with five tabs, with
 * Node's own choice 170 MB. Dockerfile.dashboard says the same.
 */
const NODE_FLAGS = ['--max-semi-space-size=1', '--max-old-space-size=128'];

/**
 * Runs the built dashboard in a process of its own (heap sizes are set at its start) until it ends,
 * and ends as it does. Signals are handed on.
 * @param {NodeJS.ProcessEnv} env HOSTNAME and PORT say where Next's server listens
 * @returns {(host: string) => Promise<void>} waits until the dashboard answers at this host
 */
export function serve(env) {
  const server = spawn(process.execPath, [...NODE_FLAGS, '.next/standalone/server.js'], {
    stdio: 'inherit',
    env: { ...env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
  });
  // A terminal sends Ctrl-C to both; this process waits for the server to say goodbye.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => server.kill('SIGTERM'));
  server.on('error', (error) => {
    console.error(`clusterhat: ${error.message}`);
    process.exit(1);
  });
  server.on('exit', (code, signal) => {
    // Next's server says so itself: 128 and the signal's number.
    const meant = signal === 'SIGTERM' || signal === 'SIGINT' || code === 143 || code === 130;
    if (signal && !meant) console.error(`clusterhat: the dashboard was ended by ${signal}.`);
    process.exit(meant ? 0 : (code ?? 1));
  });
  return (host) => answers(host, Number(env.PORT));
}

/** @param {string} host @param {number} port @returns {Promise<void>} when the dashboard answers there */
async function answers(host, port) {
  const asked = () =>
    new Promise((resolve) => {
      get({ host, port, path: '/healthz', agent: false }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      }).on('error', () => resolve(false));
    });
  while (!(await asked())) await later(20);
}
