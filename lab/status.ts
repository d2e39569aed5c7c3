import { addressesOf, HAT, type NodeName, REGISTRY_PORT, RUN_DIR, socketOf, SPARE } from './layout';
import { z } from 'zod';
import { ask } from './engine';
import { meshStatus } from './mesh/start';
import { isLinkUp } from './network';
import { isAlive } from './processes';
import { anyAlive, type LabState, readState } from './state';
import { listNodes } from './swarm';

const Version = z.object({ Version: z.string() });

/** The version of a node's engine; undefined if it does not answer. */
async function versionOf(node: NodeName): Promise<string | undefined> {
  const answer = ask(socketOf(node), Version, 'GET', '/version', undefined, 1_000);
  return (await answer.catch(() => undefined))?.Version;
}

/** The lab as a table: each node's address, engine, link and state at the manager. */
export async function status(): Promise<string> {
  const state = readState();
  if (state === undefined || !anyAlive(state)) return 'the lab is not up';
  const { nodes, registry } = addressesOf(state.prefix);
  const seen = await listNodes().catch(() => []);
  const names: NodeName[] = [
    ...HAT,
    ...(state.nodes.spare === undefined ? [] : ([SPARE] as const)),
  ];
  const rows = await Promise.all(
    names.map(async (node) => {
      const outer = state.nodes[node];
      const inSwarm = seen.find((one) => one.Description.Hostname === node);
      const alive = outer !== undefined && isAlive(outer);
      const version = alive ? await versionOf(node) : undefined;
      return [
        node,
        nodes[node],
        alive ? (version === undefined ? 'not answering' : 'running') : 'dead',
        version ?? '-',
        (await isLinkUp(node)) ? 'in' : 'cut',
        inSwarm === undefined ? '-' : `${inSwarm.Status.State} ${inSwarm.Spec.Availability}`,
      ];
    }),
  );
  const mesh = state.meshProcess;
  return [
    table([['NODE', 'ADDRESS', 'ENGINE', 'VERSION', 'LINK', 'SWARM'], ...rows]),
    `phase     ${state.phase}`,
    `registry  ${registry}:${REGISTRY_PORT} ${state.registry && isAlive(state.registry) ? 'running' : 'dead'}`,
    state.mesh === 'ipvs'
      ? 'mesh      IPVS of this kernel'
      : `mesh      stand-in for IPVS, ${mesh && isAlive(mesh) ? 'running' : 'dead'}, ports: ${meshStatus()?.ports.join(' ') || 'none'}`,
    `logs      ${RUN_DIR}`,
  ].join('\n');
}

/** The lab as shell assignments, for `eval "$(npm run -s lab -- env)"`. */
export function env(state: LabState): string {
  const { nodes, registry } = addressesOf(state.prefix);
  return [
    `DOCKER_HOST=unix://${socketOf('ctrl')}`,
    ...HAT.map((node) => `LAB_${node.toUpperCase()}=${nodes[node]}`),
    `LAB_REGISTRY=${registry}:${REGISTRY_PORT}`,
    `LAB_MESH=${state.mesh}`,
    `LAB_RUN=${RUN_DIR}`,
  ].join('\n');
}

function table(rows: readonly string[][]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
