import { expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import { publishedNodeNames, publishNodeNames } from './node-names';

test('publishes hostnames, not what the page adds to them; nothing for a node without one', () => {
  publishNodeNames([
    aNode({ name: 'Ctrl.lan', role: 'manager' }),
    aNode({ name: 'raspberrypi (P1)', hostname: 'raspberrypi.lan' }),
    aNode({ name: '0123456789ab', hostname: '' }),
  ]);
  expect([...publishedNodeNames()]).toEqual(['ctrl.lan', 'ctrl', 'raspberrypi']);
});
