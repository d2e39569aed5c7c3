import { X509Certificate } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shellOn } from '../../lab/controller';
import { dataDirOf } from '../../lab/layout';
import { requireUp } from '../../lab/state';
import { succeeded } from './controller';
import { documented } from './install-docs';
import { labOk, runCommand } from './support';

/** Steps of docs/install.md that come before the release, on an engine that is in no swarm yet. */

/** The drop-in for Docker's unit that the documented lines write. */
const DROP_IN = /<<'END'\n(.*)END\n/s.exec(documented('forward'))?.[1] ?? '';
const DAY_MS = 86_400_000;

beforeAll(() => labOk('spare', 'up'), 180_000);
afterAll(() => labOk('spare', 'down'), 180_000);

/** Runs shell lines on a machine whose bridge has the stock image's name. */
async function there(script: string): Promise<string> {
  return succeeded(await shellOn(requireUp(), 'spare', script));
}

it('creates a swarm whose certificates are valid for months without power', async () => {
  const bridge =
    'ip link add br0 type bridge; ip address add 10.181.0.1/24 dev br0; ip link set br0 up';
  const printed = await there(`${bridge}\n${documented('swarm-init')}`);
  expect(printed).toMatch(/docker swarm join --token SWMTKN-\S+ 10\.181\.0\.1:2377/);
  const file = join(dataDirOf('spare'), 'docker/swarm/certificates/swarm-node.crt');
  const { validTo } = new X509Certificate(readFileSync(file));
  expect(Date.parse(validTo) - Date.now()).toBeGreaterThan(360 * DAY_MS);
  const info = await there('docker info');
  expect(info).toContain('Heartbeat Period: 20 seconds');
  await there('docker swarm leave --force');
});

it('adds the rule for the bridge’s packets once, however often Docker starts', async () => {
  const command = /^ExecStartPost=-\/bin\/sh -c '(.*)'$/m.exec(DROP_IN)?.[1];
  expect(command).toBeDefined();
  const rules = await there(`${command}\n${command}\niptables -S DOCKER-USER`);
  expect(rules.match(/-A DOCKER-USER -i br0 -o br0 -j ACCEPT/g)).toHaveLength(1);
});

it('has a valid drop-in for Docker’s unit whose failure does not stop Docker', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-unit-'));
  try {
    const unit = join(folder, 'docker.service');
    writeFileSync(unit, '[Unit]\nDescription=Docker\n[Service]\nExecStart=/bin/true\n');
    mkdirSync(`${unit}.d`);
    writeFileSync(join(`${unit}.d`, 'clusterhat.conf'), DROP_IN);
    const done = await runCommand('systemd-analyze', ['verify', '--man=no', unit]);
    expect(done).toMatchObject({ code: 0, stderr: '' });
  } finally {
    rmSync(folder, { recursive: true });
  }
  // "-": a failure does not count. "-w": it waits for another program that is changing the rules.
  expect(DROP_IN).toMatch(/^\[Service\]\nExecStartPost=-/);
  expect(DROP_IN.match(/iptables -/g)).toEqual(DROP_IN.match(/iptables -(?=w )/g));
});
