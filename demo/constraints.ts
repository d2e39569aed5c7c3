import { BlockList, isIP } from 'node:net';
import type { Node } from './types';

/** One placement constraint such as `node.hostname!=zero3`. */
interface Constraint {
  key: string;
  equal: boolean;
  value: string;
}

const KEY = /^[a-z_][a-z0-9\-_.]+$/i;
const VALUE = /^[a-z0-9:\-_\s.*()?+[\]\\^$|/]+$/i;

/** Parses constraints. Throws an `Error` with swarm's own message for the first invalid one. */
export function parseConstraints(texts: readonly string[]): Constraint[] {
  return texts.map((text) => {
    const operator = text.includes('==') ? '==' : text.includes('!=') ? '!=' : undefined;
    if (operator === undefined) throw new Error('constraint expected one operator from ==, !=');
    const at = text.indexOf(operator);
    const key = text.slice(0, at).trim();
    const value = text.slice(at + 2).trim();
    if (!KEY.test(key)) throw new Error(`key '${key}' is invalid`);
    if (!VALUE.test(value)) throw new Error(`value '${value}' is invalid`);
    return { key, equal: operator === '==', value };
  });
}

/** Whether a node satisfies all constraints. No node satisfies one with an unknown key. */
export function nodeMatches(texts: readonly string[] | undefined, node: Node): boolean {
  if (!texts || texts.length === 0) return true;
  return parseConstraints(texts).every((constraint) => matches(constraint, node));
}

function matches(constraint: Constraint, node: Node): boolean {
  const key = constraint.key.toLowerCase();
  if (key === 'node.ip') return matchesAddress(constraint, node.Status.Addr);
  const actual = lookUp(key, constraint.key, node);
  if (actual === undefined) return false;
  return (actual.toLowerCase() === constraint.value.toLowerCase()) === constraint.equal;
}

function lookUp(key: string, asWritten: string, node: Node): string | undefined {
  const { Description, Spec } = node;
  if (key === 'node.id') return node.ID;
  if (key === 'node.hostname') return Description.Hostname;
  if (key === 'node.role') return Spec.Role;
  if (key === 'node.platform.os') return Description.Platform.OS;
  if (key === 'node.platform.arch') return Description.Platform.Architecture;
  if (key.startsWith('node.labels.')) return Spec.Labels[asWritten.slice(12)] ?? '';
  if (key.startsWith('engine.labels.')) {
    return Description.Engine.Labels?.[asWritten.slice(14)] ?? '';
  }
  return undefined;
}

function matchesAddress({ value, equal }: Constraint, address: string): boolean {
  const list = new BlockList();
  const [base = '', bits] = value.split('/');
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(base) === 0) return false;
  try {
    if (bits === undefined) list.addAddress(base, family);
    else list.addSubnet(base, Number(bits), family);
  } catch {
    return false;
  }
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4') === equal;
}
