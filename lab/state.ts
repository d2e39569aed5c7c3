import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { EnginePrograms } from './engine-programs';
import { LabFailure } from './failure';
import { NODES, RUN_DIR } from './layout';
import { isAlive, ProcessId } from './processes';

/** How published ports are balanced: by the kernel's IPVS, or by the lab in its place. */
export const MeshKind = z.enum(['ipvs', 'stand-in']);

/** Record of what `up` started, for later commands. */
export const LabState = z.object({
  /** `starting` from the first namespace on, `up` once everything responds. */
  phase: z.enum(['starting', 'up']),
  /** First three numbers of the lab's addresses. */
  prefix: z.string(),
  mesh: MeshKind,
  /** The outer process (`unshare`) of each running node; the node ends with it. */
  nodes: z.partialRecord(z.enum(NODES), ProcessId),
  /** The programs of nodes that do not run this machine's own engine, for when one starts again. */
  engines: z.partialRecord(z.enum(NODES), EnginePrograms).default({}),
  /** Nodes disconnected from the LAN. */
  cut: z.array(z.enum(NODES)),
  registry: ProcessId.optional(),
  meshProcess: ProcessId.optional(),
});
/** See the schema. */
export type LabState = z.infer<typeof LabState>;

const STATE_FILE = join(RUN_DIR, 'state.json');

/** The recorded state; undefined if no lab was started or the record is invalid. */
export function readState(): LabState | undefined {
  let text: string;
  try {
    text = readFileSync(STATE_FILE, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return LabState.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Whether a lab came up completely and any of its processes is alive. */
export function isUp(): boolean {
  const state = readState();
  return state?.phase === 'up' && anyAlive(state);
}

/** The state of a lab that is up. Throws with how to start one otherwise. */
export function requireUp(): LabState {
  const state = readState();
  if (state === undefined || !anyAlive(state)) {
    throw new LabFailure('the lab is not up; start it with: npm run -s lab -- up');
  }
  if (state.phase !== 'up') {
    throw new LabFailure(
      'the lab did not come up completely; start it afresh with: npm run -s lab -- up',
    );
  }
  return state;
}

/** Writes the state atomically. */
export function writeState(state: LabState): void {
  mkdirSync(RUN_DIR, { recursive: true });
  writeFileSync(`${STATE_FILE}.new`, JSON.stringify(state, undefined, 2));
  renameSync(`${STATE_FILE}.new`, STATE_FILE);
}

/** The processes that a state names. */
export function processesOf(state: LabState): ProcessId[] {
  return [...Object.values(state.nodes), state.registry, state.meshProcess].filter(
    (one) => one !== undefined,
  );
}

/** Whether any process of a recorded lab is alive. */
export function anyAlive(state: LabState): boolean {
  return processesOf(state).some(isAlive);
}
