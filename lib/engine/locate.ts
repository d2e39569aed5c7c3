import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_SOCKET, parseAddress, type EngineAddress } from './address';
import { contextAddress, currentContext } from './docker-context';
import { tlsFromEnvironment } from './tls-files';

/** Where an engine's address comes from. */
export type EngineSource =
  | { kind: 'DOCKER_HOST' }
  | { kind: 'context'; name: string }
  | { kind: 'socket' };

/** An engine found by the environment, and the source of its address. */
export interface LocatedEngine {
  address: EngineAddress;
  source: EngineSource;
}

/**
 * The engines for `environment`, in order of preference: `DOCKER_HOST`, else the current docker context, else the
 * local sockets that exist. Several only for local sockets; empty without any of these. The launcher and the
 * server both call it, so they agree. Throws an `Error` with one sentence if an address is invalid: a named
 * engine is never replaced by another.
 */
export function locateEngines(
  environment: Record<string, string | undefined>,
  isSocket: (path: string) => boolean = isSocketFile,
): LocatedEngine[] {
  const home = environment['HOME'] || systemHome();
  const configDirectory = environment['DOCKER_CONFIG'] || join(home, '.docker');
  const host = environment['DOCKER_HOST']?.trim();
  if (host) {
    const tls = () => tlsFromEnvironment(environment, configDirectory);
    const address = parseAddress(host, { name: 'DOCKER_HOST', tls });
    return [{ address, source: { kind: 'DOCKER_HOST' } }];
  }
  const name = currentContext(environment, configDirectory);
  if (name !== null) {
    const address = contextAddress(name, configDirectory);
    return [{ address, source: { kind: 'context', name } }];
  }
  return localSockets(environment['XDG_RUNTIME_DIR'], home)
    .filter(isSocket)
    .map((socketPath) => ({ address: { kind: 'unix', socketPath }, source: { kind: 'socket' } }));
}

const DESKTOP_SOCKET = join('.docker', 'run', 'docker.sock');

/** The sockets of Docker, rootless Docker and Docker Desktop. */
function localSockets(runtimeDirectory: string | undefined, home: string): string[] {
  return [
    DEFAULT_SOCKET,
    ...(runtimeDirectory ? [join(runtimeDirectory, 'docker.sock')] : []),
    join(home, DESKTOP_SOCKET),
  ];
}

/** In a container, a user that exists only as a number has no home. */
function systemHome(): string {
  try {
    return homedir();
  } catch {
    return '/';
  }
}

function isSocketFile(path: string): boolean {
  try {
    return statSync(path).isSocket();
  } catch (error) {
    // In a directory that this user may not read it may exist: then it is tried, and the error shown. Not in a
    // home directory: that is another user's (sudo -E).
    return (error as NodeJS.ErrnoException).code === 'EACCES' && !path.endsWith(DESKTOP_SOCKET);
  }
}
