import { mkdirSync, rmSync } from 'node:fs';
import { enableArm } from './binfmt';
import { cleanUp, hasLeftovers } from './down';
import type { LabEngines } from './engine-programs';
import { LabFailure } from './failure';
import { DATA_DIR, HAT, type NodeName, NODES, RUN_DIR } from './layout';
import { kernelHasIpvs, meshReady, startMesh } from './mesh/start';
import { createNetwork, freePrefix } from './network';
import { engineReady, startNode } from './nodes';
import { registryReady, startRegistry } from './registry';
import { isUp, type LabState, writeState } from './state';
import { allReady, gossipComplete, initSwarm, joinSwarm } from './swarm';

/**
 * Brings up five engines in one swarm. Throws if a lab is up; removes what a crash left. `choose` returns
 * which engines, and may take a while.
 */
export async function up(choose: () => Promise<LabEngines>): Promise<void> {
  if (isUp()) {
    throw new LabFailure('the lab is up already; see: npm run -s lab -- status');
  }
  if (hasLeftovers()) {
    console.error('lab: clearing away what an earlier lab left …');
    await cleanUp();
  }
  const engines = await choose();
  const started = performance.now();
  try {
    await bringUp(engines);
  } catch (error) {
    console.error(`lab: it did not come up; the engines' logs are kept in ${RUN_DIR}.failed`);
    await keepLogs();
    await cleanUp();
    throw error;
  }
  console.error(`lab: up in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

async function bringUp(engines: LabEngines): Promise<void> {
  mkdirSync(RUN_DIR, { recursive: true });
  mkdirSync(DATA_DIR, { recursive: true });
  const [prefix, ipvs] = await Promise.all([freePrefix(), kernelHasIpvs()]);
  const state: LabState = {
    phase: 'starting',
    prefix,
    mesh: ipvs ? 'ipvs' : 'stand-in',
    nodes: {},
    engines: Object.fromEntries(
      NODES.map((node) => [node, node === 'ctrl' ? engines.manager : engines.workers]),
    ),
    cut: [],
  };
  writeState(state);
  if (!ipvs) {
    console.error(
      'lab: this kernel has no IPVS, so the lab stands in for it: published ports are balanced by nftables',
    );
  }
  await createNetwork(prefix, HAT);
  await enableArm();
  for (const node of HAT) {
    state.nodes[node] = startNode(prefix, node, state.engines[node]);
    writeState(state);
  }
  state.registry = startRegistry(prefix);
  writeState(state);
  const ready = (node: NodeName): Promise<void> => {
    const outer = state.nodes[node];
    if (outer === undefined) throw new Error(`${node} was not started`);
    return engineReady(node, outer);
  };
  const token = ready('ctrl').then(() => initSwarm(prefix));
  // Awaited later: a rejection before that must not end the process as unhandled.
  token.catch(() => undefined);
  // Each zero joins as soon as its own engine and the manager are up.
  await Promise.all(
    HAT.map(async (node) => {
      await ready(node);
      const secret = await token;
      if (node !== 'ctrl') await joinSwarm(prefix, node, secret);
    }),
  );
  if (!ipvs) state.meshProcess = startMesh();
  writeState(state);
  await Promise.all([allReady(), registryReady(prefix), meshReady(state), gossipComplete()]);
  state.phase = 'up';
  writeState(state);
}

async function keepLogs(): Promise<void> {
  const { cp } = await import('node:fs/promises');
  const kept = `${RUN_DIR}.failed`;
  rmSync(kept, { recursive: true, force: true });
  await cp(RUN_DIR, kept, { recursive: true, filter: (path) => !path.endsWith('.sock') });
}
