import type { EngineNode } from '../engine-json';
import { networkContains, parseIp } from './ip';

/** A placement constraint such as `node.labels.disk!=ssd`. */
export interface Constraint {
  /** The constraint as written in the service, for `--constraint-rm`. */
  written: string;
  /** In lower case, except the name of a label. */
  key: string;
  kind: ConstraintKind;
  /** The name of the label, in its own case; empty for other keys. */
  label: string;
  equal: boolean;
  value: string;
}

/** What a constraint compares. No node satisfies one of an unknown key, not even with `!=`. */
export type ConstraintKind =
  | 'node.id'
  | 'node.hostname'
  | 'node.ip'
  | 'node.role'
  | 'node.platform.os'
  | 'node.platform.arch'
  | 'node.labels'
  | 'engine.labels'
  | 'unknown'
  /** What could not be read of the engine's answer (`UNREADABLE_CONSTRAINT`): no node certainly satisfies it. */
  | 'unreadable';

const KEYS: readonly ConstraintKind[] = [
  'node.id',
  'node.hostname',
  'node.ip',
  'node.role',
  'node.platform.os',
  'node.platform.arch',
];
const LABEL = /^(node|engine)\.labels\.(.+)$/is;

/**
 * Parses constraints as swarmkit does (manager/constraint): `==` is looked for before `!=`, keys are
 * compared without regard to case, the names of labels with it. Null if one cannot be parsed:
 * the scheduler then applies none of them.
 */
export function parseConstraints(texts: readonly string[]): Constraint[] | null {
  const parsed = texts.map(parseConstraint);
  return parsed.every((one) => one !== null) ? parsed : null;
}

function parseConstraint(written: string): Constraint | null {
  if (written === '') {
    return { written, key: '', kind: 'unreadable', label: '', equal: true, value: '' };
  }
  const operator = written.includes('==') ? '==' : written.includes('!=') ? '!=' : null;
  if (operator === null) return null;
  const at = written.indexOf(operator);
  const name = written.slice(0, at).trim();
  const value = written.slice(at + operator.length).trim();
  const [, room, label = ''] = LABEL.exec(name) ?? [];
  const lower = name.toLowerCase();
  const kind: ConstraintKind =
    room === undefined
      ? (KEYS.find((key) => key === lower) ?? 'unknown')
      : room.toLowerCase() === 'node'
        ? 'node.labels'
        : 'engine.labels';
  const key = room === undefined ? lower : `${kind}.${label}`;
  return { written, key, kind, label, equal: operator === '==', value };
}

/** Whether the node satisfies the constraint, by swarmkit's rules. */
export function satisfiesOne(constraint: Constraint, node: EngineNode): boolean {
  const { kind, value, equal } = constraint;
  if (kind === 'unknown' || kind === 'unreadable') return false;
  if (kind === 'node.ip') return matchesAddress(value, node.Status.Addr, equal);
  return (factOf(constraint, node).toLowerCase() === value.toLowerCase()) === equal;
}

/** Whether the node certainly satisfies all placement constraints of a service. */
export function satisfies(texts: readonly string[], node: EngineNode): boolean {
  return parseConstraints(texts)?.every((one) => satisfiesOne(one, node)) ?? true;
}

/** What the node has for the constraint's key; empty when it has nothing. */
export function factOf({ kind, label }: Constraint, node: EngineNode): string {
  return FACTS[kind](node, label);
}

const FACTS: Record<ConstraintKind, (node: EngineNode, label: string) => string> = {
  'node.id': ({ ID }) => ID,
  'node.hostname': ({ Description }) => Description?.Hostname ?? '',
  'node.ip': ({ Status }) => Status.Addr,
  'node.role': ({ Spec }) => Spec.Role,
  'node.platform.os': ({ Description }) => Description?.Platform?.OS ?? '',
  'node.platform.arch': ({ Description }) => Description?.Platform?.Architecture ?? '',
  'node.labels': ({ Spec }, label) => own(Spec.Labels, label),
  'engine.labels': ({ Description }, label) => own(Description?.Engine?.Labels, label),
  unknown: () => '',
  unreadable: () => '',
};

/** A label's value; own properties only, so not `constructor`. */
function own(labels: Readonly<Record<string, string>> | null | undefined, label: string): string {
  return labels && Object.hasOwn(labels, label) ? (labels[label] ?? '') : '';
}

/** An address or a network; a value that is neither excludes every node. */
function matchesAddress(value: string, address: string, equal: boolean): boolean {
  const own = parseIp(address);
  const single = parseIp(value);
  if (single) return (own !== null && own.bits === single.bits) === equal;
  const contains = networkContains(value, own);
  return contains !== null && contains === equal;
}
