import type { EngineNode } from './engine-json';

/**
 * Whether the node certainly satisfies all placement constraints of a service, as swarmkit
 * compares them (manager/constraint): `==` or `!=`, letter case aside. False too when a
 * constraint uses a fact that is not read here (`engine.labels.…`, `node.ip`).
 */
export function satisfies(constraints: readonly string[], node: EngineNode): boolean {
  return constraints.every((text) => {
    const [, key = '', operator, value = ''] = /^(.+?)(==|!=)(.*)$/.exec(text) ?? [];
    const actual = lookUp(key.trim(), node);
    if (actual === null) return false;
    return (actual.toLowerCase() === value.trim().toLowerCase()) === (operator === '==');
  });
}

const LABEL = /^node\.labels\.(.+)$/i;

function lookUp(key: string, { ID, Spec, Description }: EngineNode): string | null {
  const label = LABEL.exec(key)?.[1];
  if (label !== undefined) return Spec.Labels[label] ?? '';
  switch (key.toLowerCase()) {
    case 'node.id':
      return ID;
    case 'node.hostname':
      return Description?.Hostname ?? '';
    case 'node.role':
      return Spec.Role;
    case 'node.platform.os':
      return Description?.Platform?.OS ?? '';
    case 'node.platform.arch':
      return Description?.Platform?.Architecture ?? '';
    default:
      return null;
  }
}
