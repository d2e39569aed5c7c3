import { rmSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';

/**
 * One process per folder: the one that listens on the folder's socket. A process that was killed leaves the socket, but
 * does not answer on it. Works between containers of one machine, whose process ids mean nothing to each other.
 */

/** A lock that is held. */
export interface FolderLock {
  /** Whether the folder still has this process's socket. */
  holds(): boolean;
  release(): void;
}

/** Two processes that start at the same time can each replace the other's socket: the last one keeps it (ms). */
const SETTLED_MS = 100;

/** Locks a folder; null if another process has it. Throws the file system's errors. */
export async function lockFolder(folder: string): Promise<FolderLock | null> {
  const path = join(folder, 'lock');
  let server = await tryListen(path);
  if (!server) {
    if (await answers(path)) return null;
    rmSync(path, { force: true });
    server = await tryListen(path);
    if (!server) return null;
  }
  const { ino } = statSync(path);
  await later(SETTLED_MS);
  const holds = () => statSync(path, { throwIfNoEntry: false })?.ino === ino;
  // A socket that was replaced is not closed, as Node removes its file by the name, which is the other's now.
  if (!holds()) return null;
  return {
    holds,
    release() {
      if (holds()) server.close();
    },
  };
}

/** Null if there is a socket at `path`. */
function tryListen(path: string): Promise<Server | null> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.unref();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(null);
      else reject(error);
    });
    // A killed process leaves the socket: also another user has to find out that it does not answer.
    server.listen({ path, readableAll: true, writableAll: true }, () => resolve(server));
  });
}

/** Whether a process accepts connections at `path`. */
function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const end = (accepted: boolean) => {
      socket.destroy();
      resolve(accepted);
    };
    socket.once('connect', () => end(true));
    // Only these two show that no process listens; another user's socket, for one, cannot be connected to.
    socket.once('error', ({ code }: NodeJS.ErrnoException) =>
      end(code !== 'ECONNREFUSED' && code !== 'ENOENT'),
    );
  });
}
