import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { engineListener, MANAGER, standIn } from '@/tests/support/stand-in-engine';
import { chooseEngine } from './engine';

const EXPIRED = {
  ...MANAGER,
  LocalNodeState: 'error',
  ControlAvailable: false,
  Error:
    'error while loading TLS certificate in /var/lib/docker/swarm/certificates/swarm-node.crt: certificate (1 - x) not valid after Wed, 12 Aug 2026 10:11:00 UTC, and it is currently Wed, 25 Nov 2026 20:00:00 UTC: x509: certificate has expired or is not yet valid: ',
};
const INACTIVE = { ...MANAGER, LocalNodeState: 'inactive', ControlAvailable: false };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-choice-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

/** The choice with this engine, and what the terminal shows. */
async function chosen(environment: Record<string, string>) {
  const choice = await chooseEngine({ HOME: folder, ...environment }, 'clusterhat');
  return { kind: choice.kind, report: (await choice.report).join('\n') };
}

const named = () => ({ DOCKER_HOST: `unix://${join(folder, 'docker.sock')}` });
const local = () => ({ XDG_RUNTIME_DIR: folder });
const listen = (swarm: object, more: object = {}) =>
  standIn(engineListener(swarm, more), { at: join(folder, 'docker.sock') });

test('a named engine with expired certificates: reports it, with the clock as the first step, and starts no demo', async () => {
  await listen(EXPIRED);
  const { kind, report } = await chosen(named());
  expect(kind).toBe('engine');
  expect(report).toContain('was valid until 12 Aug 2026 10:11 UTC');
  expect(report).toContain('Check the clock first: `timedatectl`');
  expect(report).not.toContain('swarm init');
});

// A socket of this machine's own engine would come first.
describe.skipIf(existsSync('/var/run/docker.sock'))('a local socket', () => {
  test('with expired certificates does not start the demo', async () => {
    await listen(EXPIRED);
    const { kind, report } = await chosen(local());
    expect(kind).toBe('engine');
    expect(report).toContain('was valid until 12 Aug 2026 10:11 UTC');
  });

  test.each([
    ['Docker Desktop', { OperatingSystem: 'Docker Desktop' }, /This is Docker Desktop/],
    ['rootless', { SecurityOptions: ['name=rootless'] }, /a rootless Docker engine/],
    ['Docker', {}, /On the controller run `docker swarm init`/],
  ])('of %s without a swarm starts the demo and has the next step', async (_, more, words) => {
    await listen(INACTIVE, more);
    const { kind, report } = await chosen(local());
    expect(kind).toBe('demo');
    expect(report).toMatch(/the demo swarm, as the Docker engine at unix:\S+ is in no swarm/);
    expect(report).toMatch(words);
  });

  test('of Podman is reported as no engine', async () => {
    await listen(INACTIVE, { BuildahVersion: '1.33.5' });
    const { report } = await chosen(local());
    expect(report).toContain('This is Podman, which has no swarms.');
  });
});

test('a proxy that refuses INFO in front of a manager', async () => {
  await standIn(
    (request, response) => {
      if (request.url === '/info') response.writeHead(403).end('<html>');
      else response.end('[]');
    },
    { at: join(folder, 'docker.sock') },
  );
  expect((await chosen(named())).report).toMatch(/^engine unix:.*\n.*refuses INFO/);
});
