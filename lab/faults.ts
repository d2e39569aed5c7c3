import { LabFailure } from './failure';
import { addressesOf, HAT, type NodeName, SPARE } from './layout';
import { meshReady } from './mesh/start';
import { addNodeNetwork, presentNamespaces, removeNodeNetwork, setLink } from './network';
import { engineReady, innerPid, startNode } from './nodes';
import { ended, isAlive, kill, type ProcessId } from './processes';
import { type LabState, writeState } from './state';
import { activateAll, allReady, gossipComplete, removeEverything } from './swarm';
import { netnsOf } from './layout';

/** Disconnects a node from the LAN. */
export async function breakLink(state: LabState, node: NodeName): Promise<void> {
  await setLink(node, 'down');
  writeState({ ...state, cut: [...state.cut.filter((one) => one !== node), node] });
}

/** Reconnects a node to the LAN. */
export async function mendLink(state: LabState, node: NodeName): Promise<void> {
  await setLink(node, 'up');
  writeState({ ...state, cut: state.cut.filter((one) => one !== node) });
}

/** Kills a node's engine and its tasks at once, as a power cut does. */
export async function killNode(state: LabState, node: NodeName): Promise<void> {
  await kill(running(state, node));
  delete state.nodes[node];
  writeState(state);
}

/** Stops a node's engine as `systemctl stop docker` does: it stops its tasks first. */
export async function stopNode(state: LabState, node: NodeName): Promise<void> {
  const outer = running(state, node);
  const inner = innerPid(outer);
  if (inner === undefined) throw new LabFailure(`the engine of ${node} is just starting`);
  try {
    process.kill(inner, 'SIGTERM');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
  await ended(outer, 60_000);
  delete state.nodes[node];
  writeState(state);
}

/** Restarts a node's engine with its previous images, swarm membership and socket path. */
export async function restartNode(state: LabState, node: NodeName): Promise<void> {
  const before = state.nodes[node];
  if (before !== undefined && isAlive(before)) throw new LabFailure(`${node} runs already`);
  if (node === SPARE) throw new LabFailure('the spare is started with: lab spare up');
  const outer = startNode(state.prefix, node, state.engines[node]);
  state.nodes[node] = outer;
  writeState(state);
  await engineReady(node, outer);
}

/** Restores the state after `up`: all engines running, all nodes connected and active, no services. */
export async function reset(state: LabState): Promise<void> {
  for (const node of HAT) await setLink(node, 'up');
  state.cut = [];
  writeState(state);
  for (const node of HAT) {
    const outer = state.nodes[node];
    if (outer === undefined || !isAlive(outer)) await restartNode(state, node);
  }
  await allReady();
  await activateAll();
  await removeEverything();
  await gossipComplete();
  await meshReady(state);
}

/** Starts a sixth engine that is in no swarm. */
export async function spareUp(state: LabState): Promise<void> {
  const before = state.nodes[SPARE];
  if (before !== undefined && isAlive(before)) throw new LabFailure('the spare runs already');
  if (!presentNamespaces().includes(netnsOf(SPARE))) await addNodeNetwork(state.prefix, SPARE);
  const outer = startNode(state.prefix, SPARE, state.engines[SPARE]);
  state.nodes[SPARE] = outer;
  writeState(state);
  await engineReady(SPARE, outer);
}

/** Stops the sixth engine and disconnects it. */
export async function spareDown(state: LabState): Promise<void> {
  if (state.nodes[SPARE] !== undefined) await killNode(state, SPARE);
  if (presentNamespaces().includes(netnsOf(SPARE))) await removeNodeNetwork(SPARE);
}

function running(state: LabState, node: NodeName): ProcessId {
  const outer = state.nodes[node];
  if (outer === undefined || !isAlive(outer)) {
    throw new LabFailure(
      `the engine of ${node} (${addressesOf(state.prefix).nodes[node]}) does not run`,
    );
  }
  return outer;
}
