import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { TestEngine } from './engines';

const run = promisify(execFile);

/** Debian's 20.10 client, and a newer one if installed. */
const FOUND = ['/usr/bin/docker', '/usr/local/bin/docker'].filter((path) => existsSync(path));
/** Whether no client is installed: its tests are then skipped. */
export const NO_CLIENT = FOUND.length === 0;
/** The installed docker clients. */
export const CLIENTS = NO_CLIENT ? ['docker, which is not installed (Debian: docker.io)'] : FOUND;

/** Runs a client on an engine. Rejects with `stderr` if it fails. */
export function docker(engine: TestEngine, binary: string, ...args: string[]) {
  return run(binary, args, {
    env: { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}` },
    timeout: 200_000,
  });
}
