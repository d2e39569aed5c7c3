import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { startDemo, type RunningDemo } from '@/demo/demo';
import { loadApp, type CallApp } from '@/tests/support/call-app';
import { collide } from '@/tests/support/conflicts';
import { recordingProxy, type RecordingProxy } from '@/tests/support/recording-proxy';
import { requestOverSocket } from '@/tests/support/unix-socket';

/** 200 changes at once on the demo swarm. The same runs on real engines: tests/lab/conflicts.test.ts. */

afterEach(() => void vi.unstubAllEnvs());

async function aDashboard(): Promise<{
  call: CallApp;
  demo: RunningDemo;
  proxy: RecordingProxy;
  socketPath: string;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-conflicts-'));
  const socketPath = join(folder, 'demo.sock');
  const demo = await startDemo({ socketPath, seed: 4, speed: 1, replicas: 0 });
  const proxy = await recordingProxy(socketPath);
  onTestFinished(async () => {
    proxy.close();
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  });
  vi.stubEnv('DOCKER_HOST', `unix://${proxy.socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  return { call: await loadApp(), demo, proxy, socketPath };
}

test('20 clients make 10 changes each at once: all are answered, and none undoes another', async () => {
  const { call, demo, proxy, socketPath } = await aDashboard();
  const auth = Buffer.from('{"username":"me","password":"secret"}').toString('base64url');
  const spec = {
    Name: 'crowded',
    Labels: { kept: 'yes' },
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0', Env: ['KEPT=yes'], StopSignal: 'SIGUSR1' },
      LogDriver: { Name: 'json-file', Options: { 'max-size': '1m' } },
    },
    Mode: { Replicated: { Replicas: 2 } },
    EndpointSpec: { Mode: 'vip', Ports: [{ TargetPort: 8080, PublishedPort: 8899 }] },
  };
  const created = await requestOverSocket(
    socketPath,
    'POST',
    '/services/create',
    JSON.stringify(spec),
    { headers: { 'X-Registry-Auth': auth } },
  );
  expect(created.status).toBe(201);
  await collide({
    send: call,
    socketPath,
    posts: proxy.posts,
    service: 'crowded',
    nodes: ['zero1', 'zero2', 'zero3', 'zero4'],
    images: ['carmeloc/goweb:1.0', 'carmeloc/goweb:1.1'],
    clients: 20,
    changes: 10,
  });
  expect(demo.swarm.service('crowded').registryAuth).toBe(auth);
  // A rollback restores those of the spec before.
  expect((await call('POST', '/api/services/crowded/rollback')).status).toBe(202);
  expect(demo.swarm.service('crowded').registryAuth).toBe(auth);
}, 240_000);
