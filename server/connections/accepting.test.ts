import { expect, test } from 'vitest';
import { noteAccepted, whenAccepted } from './accepting';

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('calls back after a turn without a new connection', async () => {
  let started = false;
  whenAccepted(() => (started = true));
  expect(started).toBe(false);
  noteAccepted();
  await turn();
  expect(started).toBe(false);
  await turn();
  expect(started).toBe(true);
});

test('does not call back in a turn with a new connection', async () => {
  let started = false;
  noteAccepted();
  whenAccepted(() => (started = true));
  await turn();
  expect(started).toBe(false);
  await turn();
  expect(started).toBe(true);
});

test('calls back after the maximum delay while connections keep coming', async () => {
  const began = performance.now();
  const started = new Promise<number>((resolve) => {
    whenAccepted(() => resolve(performance.now() - began));
  });
  let keepOn = true;
  const flood = () => {
    noteAccepted();
    if (keepOn) setImmediate(flood);
  };
  flood();
  expect(await started).toBeGreaterThan(240);
  keepOn = false;
});
