import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { LabFailure } from './failure';
import { RUN_DIR } from './layout';

/** Time for the owner of the lock to send its pid (ms); a blocking command may not manage it. */
const OWNER_TIMEOUT_MS = 1000;

/**
 * Runs `work` unless another process holds the lock. The lock is an abstract unix socket: binding
 * it is atomic, and the kernel frees it when its process ends, a crash included. It is not a file,
 * so nothing can go stale.
 */
export async function locked<T>(work: () => Promise<T>, name = RUN_DIR): Promise<T> {
  const path = `\0${name}.lock`;
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(String(process.pid));
  });
  try {
    server.listen(path);
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    const owner = await ownerOf(path);
    throw new LabFailure(
      `another lab command${owner && ` (pid ${owner})`} is changing the lab; try again when it has ended`,
    );
  }
  try {
    return await work();
  } finally {
    server.close();
  }
}

/** The pid of the process that holds the lock, or an empty string if it does not respond. */
async function ownerOf(path: string): Promise<string> {
  const socket = connect(path);
  socket.setTimeout(OWNER_TIMEOUT_MS, () => socket.destroy());
  return text(socket).catch(() => '');
}
