import { expect, test } from 'vitest';
import type { NodeView } from './view';
import { aNode } from '@/tests/factories/view';
import { findNode } from './find-entity';

const pi = (id: string, name: string, over: Partial<NodeView> = {}) =>
  aNode({ id, name, hostname: 'raspberrypi', ...over });

test.each([
  ['its id', 'abcd1234'],
  ['its name', 'raspberrypi (P1)'],
  ['the start of its id', 'abcd'],
])('finds a node by %s', (_what, wanted) => {
  const nodes = [pi('abcd1234', 'raspberrypi (P1)'), pi('abxx1234', 'raspberrypi (P2)')];
  expect(findNode({ nodes }, wanted)).toBe(nodes[0]);
});

test('a hostname that several nodes have is ambiguous unless all but one are down', () => {
  const nodes = [pi('a', 'raspberrypi (P1)'), pi('b', 'raspberrypi (P2)')];
  expect(findNode({ nodes }, 'raspberrypi')).toBe('ambiguous');
  const down = pi('a', 'raspberrypi (a)', { state: 'down' });
  const up = pi('b', 'raspberrypi');
  expect(findNode({ nodes: [down, up] }, 'raspberrypi')).toBe(up);
  expect(findNode({ nodes: [down] }, 'raspberrypi')).toBe(down);
  // Else a change would be made of either.
  const other = pi('c', 'raspberrypi (c)', { state: 'down' });
  expect(findNode({ nodes: [down, other] }, 'raspberrypi')).toBe('ambiguous');
  expect(findNode({ nodes: [down, other] }, 'raspberrypi (c)')).toBe(other);
});

test('an id prefix has to be long enough and match one node only', () => {
  const nodes = [pi('abcd1234', 'one'), pi('abcd5678', 'two')];
  expect(findNode({ nodes }, 'abcd')).toBe('ambiguous');
  expect(findNode({ nodes }, 'abcd5')).toBe(nodes[1]);
  expect(findNode({ nodes: nodes.slice(1) }, 'abc')).toBeUndefined();
  expect(findNode({ nodes }, 'nosuch')).toBeUndefined();
});
