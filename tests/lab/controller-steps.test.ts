import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { shellOn } from '../../lab/controller';
import { dataDirOf } from '../../lab/layout';
import { requireUp } from '../../lab/state';
import { succeeded } from './controller';
import { documented } from './install-docs';
import { labOk, runCommand } from './support';

/** Steps of docs/install.md that come before the release, on an engine that is in no swarm yet. */

const FORWARD = join(import.meta.dirname, '..', '..', 'deploy', 'docker-forward.conf');
const DAY_MS = 86_400_000;

beforeAll(() => labOk('spare', 'up'), 60_000);
afterAll(() => labOk('spare', 'down'), 60_000);

/** Runs shell lines on a machine whose bridge has the stock image's name. */
async function there(script: string): Promise<string> {
  return succeeded(await shellOn(requireUp(), 'spare', script));
}

it('makes a swarm whose certificates outlast a winter in a drawer', async () => {
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

it('lets the bridge’s packets pass, once, however often Docker starts', async () => {
  const command = /^ExecStartPost=\/bin\/sh -c '(.*)'$/m.exec(readFileSync(FORWARD, 'utf8'))?.[1];
  expect(command).toBeDefined();
  const rules = await there(`${command}\n${command}\niptables -S DOCKER-USER`);
  expect(rules.match(/-A DOCKER-USER -i br0 -o br0 -j ACCEPT/g)).toHaveLength(1);
});

it('has a drop-in that Docker’s unit takes', async () => {
  const unit = `[Unit]\nDescription=Docker\n[Service]\nExecStart=/bin/true\n`;
  const check = `
    folder=$(mktemp -d); mkdir "$folder/docker.service.d"
    printf '${unit.replaceAll('\n', String.raw`\n`)}' >"$folder/docker.service"
    cp '${FORWARD}' "$folder/docker.service.d/clusterhat.conf"
    systemd-analyze verify --man=no "$folder/docker.service"; code=$?; rm -r "$folder"; exit $code`;
  expect(await runCommand('sh', ['-c', check])).toMatchObject({ code: 0, stderr: '' });
});
