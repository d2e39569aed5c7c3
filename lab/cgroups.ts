import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './exec';
import { CGROUP } from './layout';

const ROOT = '/sys/fs/cgroup';

/** The lab's existing cgroups: one on a v2 machine, one per controller on v1. */
export function presentCgroups(): string[] {
  if (!existsSync(ROOT)) return [];
  return [ROOT, ...readdirSync(ROOT).map((name) => join(ROOT, name))]
    .map((parent) => join(parent, CGROUP))
    .filter((path) => existsSync(path));
}

/**
 * Creates a cgroup below the lab's in every hierarchy (a v2 machine has one), except in v1's cpuset: a
 * new group there has no processor and accepts no process until it gets one.
 */
export function makeCgroups(name: string): string[] {
  const hierarchies = existsSync(join(ROOT, 'cgroup.controllers'))
    ? [ROOT]
    : readdirSync(ROOT)
        .map((hierarchy) => join(ROOT, hierarchy))
        .filter((path) => existsSync(join(path, 'cgroup.procs')) && !path.endsWith('/cpuset'));
  return hierarchies.map((hierarchy) => {
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
