import { mkdirSync, unlinkSync } from 'node:fs';
import { connect, type Server } from 'node:net';
import { dirname } from 'node:path';

/**
 * Listens on a unix socket that only this user can open. Replaces the socket file of a dead process,
 * but not one that another process listens at.
 */
export async function listenOnSocket(server: Server, path: string): Promise<void> {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await listen(server, path);
  } catch (error) {
    if (!isInUse(error) || (await answers(path))) throw error;
    removeSocket(path);
    await listen(server, path);
  }
}

/** Removes a socket's file; does nothing if it is gone. */
export function removeSocket(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Closing a server removes its file too.
  }
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((done, fail) => {
    const mask = process.umask(0o077);
    server.once('error', fail);
    server.listen(path, () => {
      process.umask(mask);
      server.off('error', fail);
      done();
    });
    server.once('error', () => process.umask(mask));
  });
}

function isInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
