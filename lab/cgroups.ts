import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './exec';
import { CGROUP } from './layout';

const ROOT = '/sys/fs/cgroup';

/** The lab's existing cgroups: one on a v2 machine, one per controller on v1. */
export function presentCgroups(): string[] {
  return hierarchies()
    .map((hierarchy) => join(hierarchy, CGROUP))
    .filter((path) => existsSync(path));
}

/** The mounted cgroup hierarchies: one on a v2 machine, one per controller on v1, where `ROOT` may have other folders too. */
function hierarchies(): string[] {
  const isCgroup = (path: string) => existsSync(join(path, 'cgroup.procs'));
  if (!existsSync(ROOT)) return [];
  if (isCgroup(ROOT)) return [ROOT];
  return readdirSync(ROOT)
    .map((name) => join(ROOT, name))
    .filter(isCgroup);
}

/**
 * Creates a cgroup below the lab's in every hierarchy (a v2 machine has one), except in v1's cpuset: a
 * new group there has no processor and accepts no process until it gets one.
 */
export function makeCgroups(name: string): string[] {
  const usable = hierarchies().filter((path) => !path.endsWith('/cpuset'));
  return usable.map((hierarchy) => {
    const path = join(hierarchy, CGROUP, name);
    mkdirSync(path, { recursive: true });
    return path;
  });
}

/**
 * Removes cgroups (all of the lab's by default); the kernel releases the one of an exited task with a
 * short delay.
 */
export async function removeCgroups(list: () => readonly string[] = presentCgroups): Promise<void> {
  await until("the lab's cgroups to be empty", () => {
    for (const path of list()) removeTree(path);
    return Promise.resolve(list().some((path) => existsSync(path)) ? undefined : true);
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
