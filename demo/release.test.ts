import { expect, it } from 'vitest';
import { startDemo } from './demo';
import { DEMO_HAT } from './hat';
import { Random } from './random';
import { ScriptedClock } from './clock';
import { atLeast, compareVersions, NEWEST, releaseOf, RELEASES } from './release';
import { Swarm } from './swarm';

it('lists its releases from the oldest to the newest, without a gap', () => {
  const minors = RELEASES.map(({ api }) => Number(api.split('.')[1]));
  expect(minors).toEqual(minors.map((_, i) => 40 + i));
  expect(RELEASES.at(-1)).toBe(NEWEST);
  const engines = RELEASES.map(({ engine }) => engine);
  expect(engines).toEqual([...engines].sort(compareVersions));
  for (const { api, minApi } of RELEASES) expect(atLeast(api, minApi)).toBe(true);
});

it.each([
  ['1.9', '1.40', -1],
  ['1.40', '1.40', 0],
  ['1.40', '1.40.0', 0],
  ['2', '1.99', 1],
  ['29.7.0', '28.5.2', 1],
])('compares %s with %s', (a, b, sign) => {
  expect(Math.sign(compareVersions(a, b))).toBe(sign);
});

it.each(['1.39', '1.56', '1.4', '1.41.0', '41', '', 'newest'])(
  'serves no API version %j',
  async (api) => {
    expect(releaseOf(api)).toBeUndefined();
    const options = { socketPath: '/nowhere/demo.sock', seed: 1, speed: 1, replicas: 0, api };
    await expect(startDemo(options)).rejects.toThrow(`does not serve API version ${api}`);
  },
);

it.each(RELEASES)('no node runs a newer engine than a manager of $engine', (release) => {
  const swarm = new Swarm(new ScriptedClock(), new Random(1), release);
  for (const hardware of DEMO_HAT) swarm.join(hardware, '127.0.77.1');
  const versions = [...swarm.store.nodes.values()].map(
    ({ api }) => api.Description.Engine.EngineVersion,
  );
  expect(versions[0]).toBe(release.engine);
  for (const version of versions) {
    expect(compareVersions(version, release.engine)).toBeLessThanOrEqual(0);
  }
});
