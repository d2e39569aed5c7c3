import { expect, test } from 'vitest';
import { nodeMatches, parseConstraints } from './constraints';
import { DEMO_HAT, nodeObject } from './hat';

const [hardware] = DEMO_HAT;
if (!hardware) throw new Error('the HAT has no controller');
const node = nodeObject(hardware, 'id1', '127.0.77.1');
node.Spec.Labels = { shelf: 'Top', dotted: 'x' };

test.each([
  ['node.hostname==ctrl', true],
  ['node.hostname == CTRL', true],
  ['node.hostname!=ctrl', false],
  ['node.id==id1', true],
  ['node.role==manager', true],
  ['node.platform.arch==armv7l', true],
  ['node.platform.os!=windows', true],
  ['node.ip==127.0.77.1', true],
  ['node.ip!=127.0.0.0/8', false],
  ['node.ip==10.0.0.0/8', false],
  ['node.ip==nonsense', false],
  ['node.labels.shelf==top', true],
  ['node.labels.Shelf==top', false],
  ['node.labels.missing!=x', true],
  ['engine.labels.missing==x', false],
  ['node.colour==red', false],
])('a node satisfies %s: %s', (text, fits) => {
  expect(nodeMatches([text], node)).toBe(fits);
});

test.each([
  ['node.role=worker', 'constraint expected one operator from ==, !='],
  ['no de==x', "key 'no de' is invalid"],
  ['node.role==', "value '' is invalid"],
  ['node.role==a&b', "value 'a&b' is invalid"],
])('rejects %s', (text, message) => {
  expect(() => parseConstraints([text])).toThrow(message);
});
