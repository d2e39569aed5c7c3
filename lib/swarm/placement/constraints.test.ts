import { describe, expect, test } from 'vitest';
import { nodeMatches, parseConstraints as parseInDemo } from '@/demo/constraints';
import { DEMO_HAT, nodeObject } from '@/demo/hat';
import { aSwarmNode } from '@/tests/factories/cluster';
import { parseConstraints, satisfies } from './constraints';
import { nodeSchema } from '../engine-json';

const zero1 = aSwarmNode('zero1', {
  Spec: { Labels: { disk: 'SSD', Foo: 'bar' } },
  Description: {
    Engine: { EngineVersion: '', Labels: { gpu: 'yes' }, Plugins: [] },
    Hostname: 'zero1',
    Platform: { Architecture: 'armv6l', OS: 'linux' },
  },
});

describe('a node satisfies a constraint as swarmkit compares them', () => {
  test.each([
    ['node.id==id-zero1', true],
    ['node.id!=id-zero1', false],
    ['node.hostname == ZERO1', true],
    ['NODE.HostName==zero1', true],
    ['node.role==worker', true],
    ['node.role!=manager', true],
    ['node.platform.os==Linux', true],
    ['node.platform.arch==armv6l', true],
    ['node.platform.arch==arm', false],
    ['node.labels.disk==ssd', true],
    ['node.labels.disk!=ssd', false],
    ['node.labels.Disk==ssd', false],
    ['Node.Labels.disk==ssd', true],
    ['node.labels.missing!=x', true],
    ['node.labels.missing==', true],
    ['node.labels.constructor==x', false],
    ['node.labels.__proto__!=x', true],
    ['engine.labels.gpu==yes', true],
    ['engine.labels.gpu!=yes', false],
    ['node.ip==172.19.181.1', true],
    ['node.ip==172.19.181.0/24', true],
    ['node.ip!=172.19.181.0/24', false],
    ['node.ip!=nonsense', false],
    ['node.colour!=red', false],
    ['node.labels.==x', false],
    ['node.hostname==zero*', false],
  ])('%s: %s', (text, fits) => expect(satisfies([text], zero1)).toBe(fits));

  test('a node has to satisfy all constraints', () => {
    expect(satisfies(['node.role==worker', 'node.labels.Foo==bar'], zero1)).toBe(true);
    expect(satisfies(['node.role==worker', 'node.labels.Foo==baz'], zero1)).toBe(false);
    expect(satisfies([], zero1)).toBe(true);
  });

  test('all are ignored if one cannot be parsed', () => {
    expect(parseConstraints(['node.role=worker', 'node.role==manager'])).toBeNull();
    expect(satisfies(['node.role=worker', 'node.role==manager'], zero1)).toBe(true);
  });

  test('a node that has not reported yet satisfies no equality', () => {
    const { Description: _, ...silent } = zero1;
    expect(satisfies(['node.hostname!=zero1', 'node.platform.os!=linux'], silent)).toBe(true);
    expect(satisfies(['engine.labels.gpu==yes'], silent)).toBe(false);
  });

  test('`==` is parsed before `!=`', () => {
    expect(parseConstraints(['node.labels.a!=b==c'])?.[0]).toMatchObject({
      label: 'a!=b',
      equal: true,
      value: 'c',
    });
  });
});

test('the demo compares in the same way', () => {
  const [hardware] = DEMO_HAT;
  if (!hardware) throw new Error('the HAT has no controller');
  const api = nodeObject(hardware, 'id1', '127.0.77.1');
  api.Spec.Labels = { shelf: 'Top' };
  const parsed = nodeSchema.parse(api);
  for (const text of [
    'node.hostname==CTRL',
    'node.role!=worker',
    'node.labels.shelf==top',
    'node.labels.Shelf==top',
    'node.labels.none!=x',
    'engine.labels.none==x',
    'node.ip==127.0.0.0/8',
    'node.ip!=127.0.77.1',
    'node.ip==nonsense',
    'node.colour==red',
  ]) {
    parseInDemo([text]);
    expect([text, satisfies([text], parsed)]).toEqual([text, nodeMatches([text], api)]);
  }
});
