import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { tryRun, until } from '../exec';
import { LabFailure } from '../failure';
import { HAT, LAN_NETNS, REPO_DIR, RUN_DIR } from '../layout';
import { innerPid, startDetached } from '../nodes';
import { isAlive, type ProcessId } from '../processes';
import type { LabState } from '../state';
import { sandboxId } from './node-mesh';

const Ready = z.object({ nodes: z.array(z.string()), ports: z.array(z.string()) });

/** Whether the kernel has IPVS, after trying to load its module; if it has, no stand-in is started. */
export async function kernelHasIpvs(): Promise<boolean> {
  if (!existsSync('/proc/net/ip_vs')) await tryRun('modprobe', ['ip_vs']).catch(() => undefined);
  return existsSync('/proc/net/ip_vs');
}

/** Starts the stand-in in the LAN's namespace, by which `down` finds it even without a record. */
export function startMesh(): ProcessId {
  return startDetached(
    'nsenter',
    [
      `--net=/run/netns/${LAN_NETNS}`,
      '--',
      process.execPath,
      '--max-old-space-size=64',
      '--import',
      join(REPO_DIR, 'node_modules', 'tsx', 'dist', 'loader.mjs'),
      fileURLToPath(new URL('main.ts', import.meta.url)),
    ],
    join(RUN_DIR, 'mesh.log'),
  );
}

/** Nodes that the stand-in serves and ports that it balances; undefined before its first round. */
export function meshStatus(): z.infer<typeof Ready> | undefined {
  try {
    return Ready.parse(JSON.parse(readFileSync(join(RUN_DIR, 'mesh.json'), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Waits until every node has its ingress sandbox and the stand-in, if any, serves all five. */
export async function meshReady(state: LabState): Promise<void> {
  await until('the ingress network on every node', () => {
    const ready = HAT.every((node) => {
      const outer = state.nodes[node];
      const inner = outer && innerPid(outer);
      return inner !== undefined && sandboxId(inner) !== undefined;
    });
    return Promise.resolve(ready ? true : undefined);
  });
  const { meshProcess } = state;
  if (meshProcess === undefined) return;
  await until('the routing mesh', () => {
    if (!isAlive(meshProcess)) throw new LabFailure(`the mesh ended; see ${RUN_DIR}/mesh.log`);
    return Promise.resolve(meshStatus()?.nodes.length === HAT.length ? true : undefined);
  });
}
