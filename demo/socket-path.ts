import { lstatSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A unix socket's path may have 107 bytes on Linux and 103 elsewhere; the control socket's has eight more. */
const LONGEST = 92;

/**
 * The default path of the demo engine's socket: `PID.sock` in a folder that only this user can
 * enter, in the user's runtime directory or else in a folder for temporary files. Removes the sockets of
 * dead processes. Throws an `Error` with one sentence.
 */
export function demoSocketPath(
  environment: Readonly<Record<string, string | undefined>>,
  pid: number,
): string {
  // Not the user's name: a container's user may have none.
  const user = process.getuid?.() ?? 'user';
  const bases = [environment['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'];
  for (const base of bases) {
    if (!base || !isAbsolute(base) || !isDirectory(base)) continue;
    const folder = join(base, `clusterhat-demo-${user}`);
    const path = join(folder, `${pid}.sock`);
    if (Buffer.byteLength(path) > LONGEST || !isOurs(folder)) continue;
    removeDeadSockets(folder);
    return path;
  }
  throw new Error(
    `there is no folder for the demo's socket: ${bases.filter(Boolean).join(' and ')} are missing, not writable or too long; set DEMO_SOCKET.`,
  );
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** Creates the folder. False if that fails, or if the folder is another user's, who could place a socket there. */
function isOurs(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stats = lstatSync(folder);
    const uid = process.getuid?.();
    return stats.isDirectory() && (uid === undefined || stats.uid === uid);
  } catch {
    return false;
  }
}

function removeDeadSockets(folder: string): void {
  for (const name of readdirSync(folder)) {
    const pid = Number(/^(\d+)(-control)?\.sock$/.exec(name)?.[1]);
    if (pid > 0 && !isAlive(pid)) rmSync(join(folder, name), { force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
