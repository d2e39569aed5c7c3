import { inSentence } from '../words';
import type { HelpId } from './troubleshooting';

/**
 * What a person can do about a hint, as data for a button. `label` is the button's text. The service is the one that the
 * hint is about.
 */
export type HintAction =
  /** A change of the service, as `PATCH /api/services/{name}` takes it. */
  | { kind: 'change-service'; label: string; patch: Record<string, unknown> }
  /** A change of a node, as `PATCH /api/nodes/{id}` takes it. */
  | { kind: 'change-node'; label: string; node: string; patch: Record<string, unknown> }
  /** A field of the service's form has to be changed by hand. */
  | { kind: 'edit-service'; label: string; field: string }
  | { kind: 'show-logs'; label: string }
  | { kind: 'roll-back'; label: string }
  /** Replaces every task; a job starts again. */
  | { kind: 'restart'; label: string }
  /** Sends the spec as it is, which ends a pause. */
  | { kind: 'resume'; label: string };

export const SHOW_LOGS: HintAction = { kind: 'show-logs', label: 'Show logs' };
export const ROLL_BACK: HintAction = { kind: 'roll-back', label: 'Roll back' };
/** Of a job: a forced update starts a new iteration of it. */
export const RUN_AGAIN: HintAction = { kind: 'restart', label: 'Run again' };
export const RESUME: HintAction = { kind: 'resume', label: 'Resume' };

const FIELDS = {
  image: 'Change image',
  command: 'Change command',
  ports: 'Change ports',
  constraints: 'Change constraints',
  reservations: 'Change reservations',
  limits: 'Change limits',
  maxPerNode: 'Change maximum per node',
} as const;

/** Opens the form of the service at a field. */
export function edit(field: keyof typeof FIELDS): HintAction {
  return { kind: 'edit-service', label: FIELDS[field], field };
}

/** Drains the node that a task broke on. */
function drain({ id, name }: ActionNode): HintAction {
  return {
    kind: 'change-node',
    label: `Drain ${inSentence(name)}`,
    node: id,
    patch: { availability: 'drain' },
  };
}

/** The node that a task is or was on. */
export interface ActionNode {
  id: string;
  name: string;
}

/**
 * What can be done from here about each row of the table; what is missing has to be done on a node, at a registry or
 * with docker's own client.
 */
const BY_HELP: Partial<Record<HelpId, (node: ActionNode | null) => HintAction[]>> = {
  'image-arm64-only': () => [edit('image')],
  'image-arm32-only': () => [edit('image')],
  'image-other-processor': () => [edit('image')],
  'image-missing': () => [edit('image')],
  'registry-unreachable': () => [edit('image')],
  'wrong-processor': () => [edit('image')],
  'illegal-instruction': () => [edit('image'), SHOW_LOGS],
  constraints: () => [edit('constraints')],
  resources: () => [edit('reservations')],
  'host-port': () => [edit('ports')],
  'port-taken': () => [edit('ports')],
  'max-replicas-per-node': () => [edit('maxPerNode')],
  'memory-limit-low': () => [edit('limits')],
  'memory-limit': () => [edit('limits')],
  'cgroup-missing': () => [edit('limits')],
  'command-missing': () => [edit('command'), edit('image')],
  'command-not-executable': () => [edit('command'), edit('image')],
  'program-error': () => [SHOW_LOGS],
  'end-not-seen': () => [SHOW_LOGS],
  'program-ended': () => [SHOW_LOGS, edit('command')],
  aborted: () => [SHOW_LOGS],
  killed: () => [SHOW_LOGS, edit('limits')],
  'segmentation-fault': () => [SHOW_LOGS],
  terminated: () => [SHOW_LOGS],
  unhealthy: () => [SHOW_LOGS],
  'disk-read-only': (node) => (node ? [drain(node)] : []),
  'disk-full': (node) => (node ? [drain(node)] : []),
  'node-memory': (node) => (node ? [drain(node)] : []),
};

/** The actions of a row of the troubleshooting table; empty where nothing can be done from here. */
export function actionsOf(help: HelpId, node: ActionNode | null): HintAction[] {
  return BY_HELP[help]?.(node) ?? [];
}
