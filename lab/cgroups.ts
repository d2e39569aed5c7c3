import { existsSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './exec';
import { CGROUP } from './layout';

const ROOT = '/sys/fs/cgroup';

/** The lab's cgroups that exist: one on a v2 machine, one per controller on v1. */
export function presentCgroups(): string[] {
  if (!existsSync(ROOT)) return [];
  return [ROOT, ...readdirSync(ROOT).map((name) => join(ROOT, name))]
    .map((parent) => join(parent, CGROUP))
    .filter((path) => existsSync(path));
}

/** Removes the lab's cgroups; the kernel lets go of a dead task's one a moment after its end. */
export async function removeCgroups(): Promise<void> {
  await until("the lab's cgroups to be empty", () => {
    for (const path of presentCgroups()) removeTree(path);
    return Promise.resolve(presentCgroups().length === 0 ? true : undefined);
  });
}

function removeTree(path: string): void {
  try {
    for (const entry of readdirSync(path, { withFileTypes: true })) {
      if (entry.isDirectory()) removeTree(join(path, entry.name));
    }
    rmdirSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EBUSY' && code !== 'ENOENT') throw error;
  }
}
