import { expect, test } from 'vitest';
import type { DemoState } from '@/lib/api';
import { faultsOn, imagesOf, portsRefused } from './faults';

const CALM: DemoState = {
  dockerHost: 'unix:///tmp/demo.sock',
  engine: { running: true, latencyMs: 0, answer: 'normal', role: 'manager' },
  nodes: ['ctrl', 'zero1', 'zero2'].map((name) => ({
    name,
    id: `${name}id`,
    power: true,
    link: true,
    clockSkewMs: 0,
  })),
  images: [],
  filled: false,
  refusedPorts: {},
  calm: true,
};

test('nothing is said of a swarm that is as it should be', () => {
  expect(faultsOn(CALM)).toEqual([]);
});

test('every fault is named', () => {
  expect(
    faultsOn({
      ...CALM,
      engine: { running: false, latencyMs: 4000, answer: 'half-json', role: 'no-quorum' },
      nodes: [
        { name: 'zero1', id: 'one', power: false, link: false, clockSkewMs: 0 },
        { name: 'zero2', id: 'two', power: true, link: false, clockSkewMs: -90_000 },
      ],
      images: [{ image: 'carmeloc/goweb:1.0' }],
      filled: true,
      calm: false,
    }),
  ).toEqual([
    'the engine is stopped',
    'the engine takes 4 s to answer',
    'the engine breaks off its answers',
    'the manager has no quorum',
    'zero1 has no power',
    'zero2 is cut off',
    "zero2's clock is 90 s behind",
    'carmeloc/goweb:1.0 fails',
    'the swarm is filled up',
  ]);
});

test('a port that cannot be opened is named once, however many nodes it has', () => {
  const refusedPorts = { '127.0.77.1:80': 'EACCES', '127.0.77.2:80': 'EACCES' };
  expect(portsRefused({ ...CALM, refusedPorts })).toEqual(['80 (EACCES)']);
});

test('a role that the menu does not know is told as the demo names it', () => {
  expect(faultsOn({ ...CALM, engine: { ...CALM.engine, role: 'locked' } })).toEqual([
    'the engine is locked',
  ]);
});

test('images to break: each once, and one to update to', () => {
  const image = 'carmeloc/goweb:1.0';
  expect(imagesOf([{ image }, { image }])).toEqual([image, 'carmeloc/goweb:1.1']);
});
