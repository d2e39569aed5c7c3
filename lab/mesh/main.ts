import { rmSync, statSync, writeFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from '../engine';
import { tryRun } from '../exec';
import { messageOf } from '../failure';
import { HAT, netnsOf, type NodeName, RUN_DIR, socketOf } from '../layout';
import { innerPid } from '../nodes';
import { isAlive } from '../processes';
import { type LabState, readState } from '../state';
import { NodeMesh, sandboxId } from './node-mesh';
import type { z } from 'zod';
import { type Applied, CLEAR_TABLE, Nodes, planMesh, ruleOf, Services, Tasks } from './plan';

/**
 * The stand-in for IPVS, a process that runs from `up` to `down`: it polls the manager for services and
 * tasks and updates every node's tables, also after engines are killed and restarted.
 */
const EVERY_MS = 250;
/** How long the engines' gossip takes to declare a silent node lost (memberlist: 1 s probes, suspicion). */
const GOSSIP_MS = 5_000;
/** A stuck manager must not delay the nodes. */
const PATIENCE_MS = 2_000;
const READY_FILE = join(RUN_DIR, 'mesh.json');
const TASKS = `/tasks?filters=${encodeURIComponent('{"desired-state":["running"]}')}`;

const meshes = new Map<NodeName, NodeMesh>();
const logged = new Map<string, string>();
let state: LabState | undefined;
let stateSeen = 0;
let services: z.infer<typeof Services> = [];
let tasks: z.infer<typeof Tasks> = [];
let wanted: Applied = new Map();
/** Since when each node is silent: killed or disconnected. */
const silentSince = new Map<NodeName, number>();
const idOf = new Map<string, string>();

/** Logs an error once, not four times a second. */
function logOnce(who: string, words: string): void {
  if (logged.get(who) === words) return;
  logged.set(who, words);
  if (words !== '') console.error(`${new Date().toISOString()} ${who}: ${words}`);
}

function refreshState(): void {
  const changed = statSync(join(RUN_DIR, 'state.json'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (changed === stateSeen) return;
  stateSeen = changed;
  state = readState();
}

/** The rules for the manager's tasks; the previous ones while the manager does not respond. */
async function refreshWanted(): Promise<void> {
  try {
    const socket = socketOf('ctrl');
    const get = <T>(schema: z.ZodType<T>, path: string): Promise<T> =>
      ask(socket, schema, 'GET', path, undefined, PATIENCE_MS);
    [services, tasks] = await Promise.all([get(Services, '/services'), get(Tasks, TASKS)]);
    if (idOf.size < HAT.length) {
      for (const node of await get(Nodes, '/nodes')) idOf.set(node.Description.Hostname, node.ID);
    }
    logOnce('manager', '');
  } catch (error) {
    logOnce('manager', messageOf(error));
  }
  wanted = new Map(planMesh(services, tasks, lostNodes()).map(ruleOf));
}

/** Ids of the nodes that the gossip has declared lost by now. */
function lostNodes(): Set<string> {
  const now = performance.now();
  for (const node of HAT) {
    const outer = state?.nodes[node];
    const silent = outer === undefined || !isAlive(outer) || state?.cut.includes(node) === true;
    if (!silent) silentSince.delete(node);
    else if (!silentSince.has(node)) silentSince.set(node, now);
  }
  const lost = [...silentSince].filter(([, since]) => now - since >= GOSSIP_MS);
  return new Set(lost.flatMap(([node]) => idOf.get(node) ?? []));
}

async function refreshNode(node: NodeName): Promise<void> {
  const outer = state?.nodes[node];
  let mesh = meshes.get(node);
  // /proc is scanned for the inner process once per start of the engine.
  const inner = mesh !== undefined && outer !== undefined ? mesh.inner : outer && innerPid(outer);
  const sandbox = inner === undefined ? undefined : sandboxId(inner);
  if (inner === undefined || sandbox === undefined) {
    if (mesh === undefined) return;
    meshes.delete(node);
    // Without a sandbox connections to the port would hang; without the table they are rejected at once.
    await tryRun(
      'nsenter',
      [`--net=/run/netns/${netnsOf(node)}`, '--', 'nft', '-f', '-'],
      CLEAR_TABLE,
    );
    return;
  }
  if (mesh?.sandbox !== sandbox) {
    mesh = new NodeMesh(node, inner, sandbox);
    meshes.set(node, mesh);
  }
  try {
    await mesh.apply(wanted);
    logOnce(node, '');
  } catch (error) {
    // Half written or not ready: the next round sets this node up from scratch.
    meshes.delete(node);
    logOnce(node, messageOf(error));
  }
}

function publish(): void {
  const nodes = HAT.filter((node) => meshes.has(node));
  const text = JSON.stringify({ nodes, ports: [...wanted.keys()] });
  if (logged.get('published') === text) return;
  logged.set('published', text);
  writeFileSync(`${READY_FILE}.new`, text);
  renameSync(`${READY_FILE}.new`, READY_FILE);
}

process.on('SIGTERM', () => {
  rmSync(READY_FILE, { force: true });
  process.exit(0);
});
for (;;) {
  refreshState();
  await refreshWanted();
  await Promise.all(HAT.map(refreshNode));
  publish();
  await new Promise((wake) => setTimeout(wake, EVERY_MS));
}
