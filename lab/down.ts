import { existsSync, rmSync } from 'node:fs';
import { disableArm } from './binfmt';
import { presentCgroups, removeCgroups } from './cgroups';
import { until } from './exec';
import { DATA_DIR, HOST_LINK, RUN_DIR } from './layout';
import { pidsInside, presentNamespaces, removeNetwork } from './network';
import { identify, kill } from './processes';
import { processesOf, readState } from './state';

/** Whether directories, namespaces, the link or cgroups of a lab exist. */
export function hasLeftovers(): boolean {
  return (
    existsSync(RUN_DIR) ||
    existsSync(DATA_DIR) ||
    existsSync(`/sys/class/net/${HOST_LINK}`) ||
    presentNamespaces().length > 0 ||
    presentCgroups().length > 0
  );
}

/** Removes the lab, also what a crash left; returns whether there was anything. Idempotent. */
export async function down(): Promise<boolean> {
  const there = hasLeftovers();
  await cleanUp();
  rmSync(`${RUN_DIR}.failed`, { recursive: true, force: true });
  return there;
}

/** Kills every process of the lab and restores the machine's state before `up`. */
export async function cleanUp(): Promise<void> {
  const state = readState();
  if (state !== undefined) await Promise.all(processesOf(state).map(kill));
  // Processes missing in the record after a crash are found by their namespaces.
  await until('the last process of the lab to end', async () => {
    const pids = (await Promise.all(presentNamespaces().map(pidsInside))).flat();
    const alive = pids.filter((pid) => pid !== process.pid).flatMap((pid) => identify(pid) ?? []);
    await Promise.all(alive.map(kill));
    return alive.length === 0 ? true : undefined;
  });
  await removeNetwork();
  await disableArm();
  await removeCgroups();
  // A container's mounts were in the nodes' mount namespaces and are removed with them, perhaps a moment later.
  await until('the data directory to be free', () => {
    rmSync(DATA_DIR, { recursive: true, force: true, maxRetries: 3 });
    return Promise.resolve(existsSync(DATA_DIR) ? undefined : true);
  });
  rmSync(RUN_DIR, { recursive: true, force: true });
}
