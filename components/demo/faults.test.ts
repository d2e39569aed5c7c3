import { expect, test } from 'vitest';
import type { DemoState } from '@/lib/demo-control';
import { activeFaults, imagesOf, unopenedPorts } from './faults';

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
  chatter: [],
  filled: false,
  refusedPorts: {},
  calm: true,
};

test('lists no faults for a demo without any', () => {
  expect(activeFaults(CALM)).toEqual([]);
});

test('lists every active fault', () => {
  expect(
    activeFaults({
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
    'engine stopped',
    'engine responses delayed by 4 s',
    'engine responses cut short',
    'no quorum',
    'zero1 powered off',
    'zero2 disconnected',
    'zero2 clock 90 s behind',
    'carmeloc/goweb:1.0 failing',
    'large swarm',
  ]);
});

test('lists a port that could not be opened once for all nodes', () => {
  const refusedPorts = { '127.0.77.1:80': 'EACCES', '127.0.77.2:80': 'EACCES' };
  expect(unopenedPorts({ ...CALM, refusedPorts })).toEqual(['80 (EACCES)']);
});

test('lists an unknown role under the name that the demo uses', () => {
  expect(activeFaults({ ...CALM, engine: { ...CALM.engine, role: 'locked' } })).toEqual([
    'engine is locked',
  ]);
});

test('offers each image in use once, and the one to update to', () => {
  const image = 'carmeloc/goweb:1.0';
  expect(imagesOf([{ image }, { image }])).toEqual([image, 'carmeloc/goweb:1.1']);
});
