import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { standIn } from '@/tests/support/stand-in-engine';
import type { EngineAddress } from './address';
import { askDemo, demoControl } from './demo';

const info = (...Labels: string[]) => ({
  Name: 'ctrl',
  ServerVersion: '20.10.24',
  Labels,
  OperatingSystem: '',
  OSType: 'linux',
  InitBinary: '',
  SecurityOptions: [],
  BuildahVersion: '',
  Swarm: {
    NodeID: 'n1',
    NodeAddr: '127.0.0.1',
    LocalNodeState: 'active',
    ControlAvailable: true,
    Error: '',
    RemoteManagers: [],
  },
});
const LABEL = 'clusterhat.demo.control=/run/d-control.sock';
const at = (socketPath: string): EngineAddress => ({ kind: 'unix', socketPath });

test.each([
  ['/run/d.sock', '/run/d-control.sock'],
  ['/run/demo', '/run/demo-control.sock'],
])('the control endpoint of %s is beside it', (socketPath, control) => {
  expect(demoControl(info('x=y', LABEL), at(socketPath))).toEqual(at(control));
});

test('an engine cannot choose another socket of this machine', () => {
  const elsewhere = info('clusterhat.demo.control=/var/run/docker.sock');
  expect(demoControl(elsewhere, at('/run/d.sock'))).toEqual(at('/run/d-control.sock'));
});

test.each<EngineAddress>([
  { kind: 'tcp', host: '127.0.0.1', port: 2375 },
  { kind: 'tls', host: 'ctrl', port: 2376, tls: { verify: true } },
  { kind: 'ssh', host: 'ctrl', socketPath: '/run/d.sock' },
])('an engine reached over $kind has none', (address) => {
  expect(demoControl(info(LABEL), address)).toBeNull();
});

test('a real engine has no control socket', () => {
  expect(demoControl(info('x=y'), at('/run/d.sock'))).toBeNull();
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-control-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

test('posts a change and returns the response; an error keeps its text', async () => {
  const socketPath = join(folder, 'd-control.sock');
  const received: string[] = [];
  await standIn(
    (request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        received.push(`${request.method} ${request.url} ${body}`);
        if (request.url === '/nobody') response.writeHead(404).end('{"message":"no such node"}');
        else response.end('{"faults":[]}');
      });
    },
    { at: socketPath },
  );
  const control = { kind: 'unix', socketPath } as const;
  expect(await askDemo(control)).toEqual({ faults: [] });
  expect(await askDemo(control, { path: '/node', body: { down: 1 } })).toEqual({ faults: [] });
  await expect(askDemo(control, { path: '/nobody', body: {} })).rejects.toMatchObject({
    kind: 'not-found',
    message: 'no such node',
  });
  expect(received).toEqual(['GET / ', 'POST /node {"down":1}', 'POST /nobody {}']);
});

test('reports a missing control endpoint in one sentence', async () => {
  const control = { kind: 'unix', socketPath: join(folder, 'd-control.sock') } as const;
  await expect(askDemo(control)).rejects.toMatchObject({ kind: 'socket-missing' });
});
