import { expect, test } from 'vitest';
import type { DemoState } from '@/lib/api';
import { faultsOn, imagesOf } from './faults';

const CALM: DemoState = {
  dockerHost: 'unix:///tmp/demo.sock',
  engine: { running: true, latencyMs: 0, answer: 'normal', role: 'manager' },
  nodes: ['ctrl', 'zero1', 'zero2'].map((name) => ({ name, power: true, link: true })),
  images: [],
  filled: false,
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
        { name: 'zero1', power: false, link: false },
        { name: 'zero2', power: true, link: false },
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
    'carmeloc/goweb:1.0 fails',
    'the swarm is filled up',
  ]);
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
