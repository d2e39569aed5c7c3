import { expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import type { ReadSwitch } from '../swarm/refusals';
import type { NodeView } from '../swarm/view';
import { publishedNodeNames, publishNodeNames } from './node-names';

/** Publishes the names of a view with these nodes. */
const publish = (nodes: NodeView[], reads: ReadSwitch[] = []) =>
  publishNodeNames({ nodes, refused: { reads, changes: {} } });

test('publishes hostnames, not what the page adds to them; nothing for a node without one', () => {
  publish([
    aNode({ name: 'Ctrl.lan', role: 'manager' }),
    aNode({ name: 'raspberrypi (P1)', hostname: 'raspberrypi.lan' }),
    aNode({ name: '0123456789ab', hostname: '' }),
  ]);
  expect([...publishedNodeNames()]).toEqual(['ctrl.lan', 'ctrl', 'raspberrypi']);
});

test('keeps the names of nodes whose list is refused', () => {
  publish([aNode({ name: 'ctrl' }), aNode({ name: 'zero1' })]);
  publish([aNode({ name: '0123456789ab', hostname: '' })], ['NODES']);
  expect([...publishedNodeNames()]).toEqual(['ctrl', 'zero1']);
});
