import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Engine, dockerEngine } from '@/lib/engine';
import { engineAgent } from '@/lib/engine/connection';
import { locateEngines } from '@/lib/engine/locate';
import { probeEngine } from '@/lib/engine/probe';
import { Authority, type KeyPair, writeTlsDirectory } from '../support/certificates';
import { type Sshd, startSshd } from '../support/sshd';
import { eventually, lab, labEnv, labOk, runCommand } from './support';

/** Real engines behind mutual TLS and behind a real ssh, found as the dashboard finds them. */

const IMAGE = 'carmeloc/goweb:1.0';
/** Debian's client. */
const DOCKER = '/usr/bin/docker';
const SERVICE = 'address';
const PROBE_MS = 10_000;

let env: Record<string, string>;
/** A home without a docker configuration. */
let home: string;

beforeAll(async () => {
  env = await labEnv();
  home = mkdtempSync(join(tmpdir(), 'clusterhat-home-'));
  await labOk('reset');
  await labOk('echo', '--no-create');
}, 720_000);

afterAll(() => rmSync(home, { recursive: true }));

function located(environment: Record<string, string>) {
  const [found] = locateEngines({ HOME: home, ...environment });
  if (!found) throw new Error('no engine found');
  return found;
}

/** Reads nodes and tasks, scales, and receives an event of that. */
async function works(engine: Engine, nodes: readonly string[]): Promise<void> {
  const names = (await engine.nodes()).map(({ Description }) => Description?.Hostname);
  expect(new Set(names)).toEqual(new Set(nodes));

  const ends = new AbortController();
  let received = 0;
  const stream = engine.events(ends.signal, ({ Type }) => {
    if (Type === 'service') received += 1;
  });
  // The stream does not report when it is open, so one scale may be too early.
  let replicas = 1;
  await eventually('an event of a scale', async () => {
    replicas = replicas === 2 ? 3 : 2;
    await engine.scale(SERVICE, replicas);
    return received > 0 ? true : undefined;
  });
  ends.abort();
  await stream;

  const [service] = (await engine.services()).filter(({ Spec }) => Spec.Name === SERVICE);
  await eventually(`${replicas} running tasks`, async () => {
    const tasks = await engine.tasks();
    const running = tasks.filter(
      ({ ServiceID, Status, DesiredState }) =>
        ServiceID === service?.ID && Status.State === 'running' && DesiredState === 'running',
    );
    return running.length === replicas ? true : undefined;
  });
}

describe('tcp with mutual TLS', () => {
  const authority = new Authority('Lab CA');
  let client: KeyPair;
  let host: string;
  let certificates: string;
  let tlsDirectory: string;

  beforeAll(async () => {
    const address = `${env['LAB_CTRL']?.replace(/\.\d+$/, '')}.5`;
    host = `tcp://${address}:2376`;
    tlsDirectory = join(env['LAB_RUN'] ?? '', 'spare', 'tls');
    writeTlsDirectory(tlsDirectory, authority.ca, authority.issue({ names: [address] }));
    certificates = join(home, 'certificates');
    client = authority.issue({ names: ['dashboard'] });
    writeTlsDirectory(certificates, authority.ca, client);
    await labOk('spare', 'up');
    await labOk('docker', 'spare', 'swarm', 'init', '--advertise-addr', address);
    await labOk('docker', 'spare', 'service', 'create', '--detach', '--name', SERVICE, IMAGE);
  });

  afterAll(async () => {
    // Not `labOk`: after a failed start the rest of it goes too.
    await lab('docker', 'spare', 'swarm', 'leave', '--force');
    await lab('spare', 'down');
    rmSync(tlsDirectory, { recursive: true });
  });

  const secured = (directory = certificates) => ({
    DOCKER_HOST: host,
    DOCKER_TLS_VERIFY: '1',
    DOCKER_CERT_PATH: directory,
  });

  it('works with DOCKER_HOST, DOCKER_TLS_VERIFY and DOCKER_CERT_PATH', async () => {
    const { address } = located(secured());
    expect(await probeEngine(address, PROBE_MS)).toEqual({ state: 'manager' });
    await works(dockerEngine(address), ['spare']);
  });

  it('works with a context created by the docker client', async () => {
    const DOCKER_CONFIG = join(home, 'config');
    const files = ['ca', 'cert', 'key'].map((part) => `${part}=${join(certificates, part)}.pem`);
    const environment = { ...process.env, DOCKER_CONFIG, DOCKER_HOST: '' };
    const context = async (...args: string[]) => {
      const done = await runCommand(DOCKER, ['context', ...args], { env: environment });
      expect(done).toMatchObject({ code: 0 });
    };
    await context('create', 'spare', '--docker', [`host=${host}`, ...files].join(','));
    await context('use', 'spare');
    const { address, source } = located({ DOCKER_CONFIG });
    expect(source).toEqual({ kind: 'context', name: 'spare' });
    await works(dockerEngine(address), ['spare']);
  });

  it('is rejected without a certificate, with one of another authority, and without TLS', async () => {
    const stranger = new Authority('Another CA').issue();
    const others = join(home, 'others');
    writeTlsDirectory(others, authority.ca, stranger);
    const bare = join(home, 'bare');
    writeTlsDirectory(bare, authority.ca, client);
    rmSync(join(bare, 'cert.pem'));
    rmSync(join(bare, 'key.pem'));
    const error = {
      kind: 'tls',
      message: expect.stringMatching(/certificate|closed the TLS connection/),
      next: expect.stringContaining('DOCKER_CERT_PATH'),
    };
    for (const directory of [bare, others]) {
      const { address } = located(secured(directory));
      expect(await probeEngine(address, PROBE_MS)).toMatchObject({ state: 'broken', error });
    }
    const plain = located({ DOCKER_HOST: host }).address;
    expect(await probeEngine(plain, PROBE_MS)).toMatchObject({
      state: 'broken',
      error: { kind: 'tls', message: expect.stringContaining('requires TLS') },
    });
  });

  it('distinguishes an engine without TLS from one with it', async () => {
    const registry = `tcp://${env['LAB_REGISTRY']}`;
    const { address } = located({ ...secured(), DOCKER_HOST: registry });
    expect(await probeEngine(address, PROBE_MS)).toMatchObject({
      error: { kind: 'tls', message: expect.stringContaining('does not speak TLS') },
    });
    expect(await probeEngine(located({ DOCKER_HOST: registry }).address, PROBE_MS)).toMatchObject({
      error: { kind: 'not-an-engine' },
    });
  });
});

describe('ssh', () => {
  let sshd: Sshd;
  let socketPath: string;

  beforeAll(async () => {
    socketPath = join(env['LAB_RUN'] ?? '', 'ctrl', 'docker.sock');
    sshd = await startSshd();
    await labOk('docker', 'ctrl', 'service', 'create', '--detach', '--name', SERVICE, IMAGE);
  });

  afterAll(async () => {
    await labOk('docker', 'ctrl', 'service', 'rm', SERVICE);
    await sshd.close();
  });

  beforeEach(() => {
    vi.stubEnv('PATH', sshd.path);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    sshd.restore();
  });

  const over = (path = socketPath) =>
    located({ DOCKER_HOST: `ssh://root@127.0.0.1:${sshd.port}${path}` }).address;

  /** The processes of connections to one socket: ssh here, docker on the far side. */
  const connections = (path: string) =>
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map(commandLine)
      .filter((line) => line.includes(`unix://${path}`) && line.includes('dial-stdio'));

  it('works, and leaves no process on either side', async () => {
    expect(await probeEngine(over(), PROBE_MS)).toEqual({ state: 'manager' });
    await eventually('no process after the probe', () => none(connections(socketPath)));
    const agent = engineAgent(over());
    await works(dockerEngine(over(), agent), ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
    // The last poll's connection waits for the next: ssh in this process, docker in sshd's.
    expect(connections(socketPath).length).toBeGreaterThan(0);
    agent.destroy();
    await eventually('no process afterwards', () => none(connections(socketPath)));
  });

  it.each<[what: string, spoil: () => void, error: object]>([
    [
      'a key that is not accepted',
      () => sshd.loseKey(),
      { kind: 'ssh', message: expect.stringContaining('Permission denied (publickey).') },
    ],
    [
      'an unknown host key',
      () => sshd.forgetHost(),
      { kind: 'ssh', message: expect.stringContaining('does not know the host key') },
    ],
    [
      'a changed host key',
      () => sshd.changeHost(),
      { kind: 'ssh', message: expect.stringContaining('another one than before') },
    ],
    [
      'no docker command there',
      () => sshd.sessionPath('/nowhere'),
      { kind: 'ssh', message: expect.stringContaining('There is no docker command') },
    ],
  ])('%s', async (_, spoil, error) => {
    spoil();
    expect(await probeEngine(over(), PROBE_MS)).toMatchObject({ state: 'broken', error });
  });

  it('no socket there', async () => {
    expect(await probeEngine(over('/nowhere/docker.sock'), PROBE_MS)).toMatchObject({
      error: { kind: 'socket-missing' },
    });
  });
});

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return ''; // It has ended meanwhile.
  }
}

async function none(found: readonly string[]): Promise<true | undefined> {
  return found.length === 0 ? true : undefined;
}
