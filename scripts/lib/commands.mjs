import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

// Where Debian has its servers; a plain `su` leaves them out.
process.env.PATH = [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(':');

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Starts its arguments with only a loopback interface that is up. */
/** @type {[string, ...string[]]} */
const ISOLATED = ['unshare', '--net', '--', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'];

/**
 * Runs a command to its end.
 * @param {readonly string[]} command
 * @param {object} [options]
 * @param {Record<string, string>} [options.env] added to this process's own
 * @param {boolean} [options.isolated] in a separate network namespace: Chromium aborts all requests
 *   when an address of the machine changes (ERR_NETWORK_CHANGED), as a lab's start and end do
 * @param {boolean} [options.buffered] collect the output instead of writing it
 * @returns {Promise<{ ok: boolean, output: string }>}
 */
export function run(command, { env = {}, isolated = false, buffered = false } = {}) {
  const [program = '', ...args] = isolated ? [...ISOLATED, ...command] : command;
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      stdio: ['ignore', buffered ? 'pipe' : 'inherit', buffered ? 'pipe' : 'inherit'],
      env: { ...process.env, ...env },
    });
    running.add(child);
    let output = '';
    const collect = (/** @type {Buffer} */ chunk) => (output += chunk.toString());
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    const end = (/** @type {boolean} */ ok) => {
      running.delete(child);
      resolve({ ok, output });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/** Asks every running command to end. */
export function stopAll() {
  for (const child of running) child.kill('SIGTERM');
}

/** @returns {boolean} whether commands can run isolated on this machine */
export function canIsolate() {
  const [program, ...args] = ISOLATED;
  return spawnSync(program, [...args, 'true'], { stdio: 'ignore' }).status === 0;
}

/** @param {string} name @returns {boolean} whether the PATH has this program */
export function has(name) {
  return (process.env.PATH ?? '').split(':').some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
