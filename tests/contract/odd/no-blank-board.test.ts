import { afterAll, beforeAll, expect, test } from 'vitest';
import { ODD_CASES, type OddCase } from '@/tests/support/odd-cases';
import { oddSwarm, type OddSwarm } from './odd-swarm';

let swarm: OddSwarm;
beforeAll(async () => {
  swarm = await oddSwarm();
});
afterAll(() => swarm.close());

/** The cases in which there is no swarm to show, with the kind of the error. */
const NO_VIEW: Partial<Record<OddCase, string>> = {
  certExpired: 'swarm-certificate',
};

const NAMES = Object.keys(ODD_CASES) as OddCase[];
test.each(NAMES.filter((name) => !(name in NO_VIEW)))('%s: there is a board', async (name) => {
  const healthy = await swarm.view(null);
  const view = await swarm.view(ODD_CASES[name]);
  const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
  // Their list is refused: those with a task are left.
  const nodes = name === 'proxyNodes403' ? view.nodes : healthy.nodes;
  expect(ids(view.nodes)).toEqual(expect.arrayContaining(ids(nodes)));
  expect(ids(view.services)).toEqual(expect.arrayContaining(ids(healthy.services)));
  expect(ids(view.tasks)).toEqual(expect.arrayContaining(ids(healthy.tasks)));
});

test.each(Object.entries(NO_VIEW))('%s: the reason is given as %s', async (name, kind) => {
  expect(await swarm.failure(ODD_CASES[name as OddCase])).toMatchObject({ kind });
});
