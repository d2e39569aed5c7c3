import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';

/**
 * Notes of what `up` changed on the machine outside the lab's own directories, so that `down` restores
 * exactly that, also after a crash. They are outside the run directory, which a crash may leave incomplete.
 */
export type Marker = 'binfmt-mounted' | 'netns-mounted' | 'run-netns-made';

function pathOf(marker: Marker): string {
  return `/run/clusterhat-lab.${marker}`;
}

/** Notes a change; call it before the change, as a crash may come in between. */
export function mark(marker: Marker): void {
  writeFileSync(pathOf(marker), '');
}

/** Whether the change was noted. */
export function isMarked(marker: Marker): boolean {
  return existsSync(pathOf(marker));
}

/** Removes the note of a restored change. */
export function unmark(marker: Marker): void {
  rmSync(pathOf(marker), { force: true });
}

/** Whether a path is a mount point in this process's mount namespace. */
export function isMountPoint(path: string): boolean {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .some((line) => line.split(' ')[4] === path);
}
