import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { promisify } from 'node:util';
import type { TestEngine } from './engines';

const run = promisify(execFile);

/** Debian's own 20.10 client, and a newer one where there is one. */
const FOUND = ['/usr/bin/docker', '/usr/local/bin/docker'].filter((path) => existsSync(path));
/** Whether no client is here: its tests are then told as skipped. */
export const NO_CLIENT = FOUND.length === 0;
/** The real docker clients of this machine. */
export const CLIENTS = NO_CLIENT ? ['docker, which is not here (Debian: docker.io)'] : FOUND;

/** Runs a client against an engine. Rejects, with `stderr`, when it fails. */
export function docker(engine: TestEngine, binary: string, ...args: string[]) {
  return run(binary, args, {
    env: { ...process.env, DOCKER_HOST: `unix://${engine.socketPath}` },
    timeout: 50_000,
  });
}
