import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LabFailure } from './failure';
import { NODES, RUN_DIR } from './layout';
import { isAlive, ProcessId } from './processes';

/** How published ports are balanced: by the kernel's IPVS, or by the lab in its place. */
export const MeshKind = z.enum(['ipvs', 'stand-in']);

/** What `up` started, so that every later command knows it. */
export const LabState = z.object({
  /** `starting` from the first namespace on, `up` when everything answers. */
  phase: z.enum(['starting', 'up']),
  /** First three numbers of the lab's addresses. */
  prefix: z.string(),
  mesh: MeshKind,
  /** The outer process of each node that runs (`unshare`); its end is the node's end. */
  nodes: z.partialRecord(z.enum(NODES), ProcessId),
  /** The nodes whose plug is out. */
  cut: z.array(z.enum(NODES)),
  registry: ProcessId.optional(),
  meshProcess: ProcessId.optional(),
});
/** See the schema. */
export type LabState = z.infer<typeof LabState>;

const STATE_FILE = join(RUN_DIR, 'state.json');

/** The state as recorded, or undefined when no lab was started or its record is not readable as one. */
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

/** Whether a lab came up completely and something of it still runs. */
export function isUp(): boolean {
  const state = readState();
  return state?.phase === 'up' && anyAlive(state);
}

/** The state of a lab that is up, or a failure that says how to start one. */
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

/** Records the state; a reader sees the old or the new one, never half of it. */
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

/** Whether anything of a recorded lab still runs. */
export function anyAlive(state: LabState): boolean {
  return processesOf(state).some(isAlive);
}
