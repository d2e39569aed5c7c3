import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startDemo } from '@/demo/demo';
import { loadApp, type AppAnswer } from '@/tests/support/call-app';
import { oddEngine } from '@/tests/support/odd-engine';

const states = ({ body }: AppAnswer) =>
  Object(body).checks.map((one: { field: string; state: string }) => [one.field, one.state]);

test('what a proxy keeps from being checked is said in a dry run', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-refused-'));
  const socketPath = join(folder, 'demo.sock');
  const demo = await startDemo({ socketPath, seed: 5, speed: 20, replicas: 3 });
  const odd = await oddEngine(socketPath, null);
  const refused = new Set(['/nodes']);
  odd.refuse(({ path }) =>
    refused.has(path)
      ? { status: 403, type: 'text/html', body: '<h1>403 Forbidden</h1>' }
      : undefined,
  );
  vi.stubEnv('DOCKER_HOST', odd.dockerHost);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  const call = await loadApp();
  try {
    const form = {
      name: 'other',
      image: 'carmeloc/goweb:1.0',
      ports: [{ target: 80, published: 80 }],
    };
    expect(states(await call('POST', '/api/services?dry-run', form))).toEqual([
      ['name', 'ok'],
      ['ports.0.published', 'ok'],
      ['image', 'unknown'],
      ['replicas', 'unknown'],
    ]);
    const updated = await call('PATCH', '/api/services/goweb?dry-run', { replicas: 2 });
    expect(states(updated)).toEqual([
      ['ports.0.published', 'ok'],
      ['replicas', 'unknown'],
    ]);
    const remove = async () => (await call('DELETE', '/api/services/goweb?dry-run')).body;
    expect(await remove()).toMatchObject({ tasks: expect.any(Number) });
    refused.add('/tasks');
    await vi.waitFor(async () => {
      expect(await remove()).toMatchObject({
        tasks: null,
        text: 'goweb and all its tasks would be removed. This cannot be undone.',
      });
    }, 10_000);
  } finally {
    vi.unstubAllEnvs();
    await odd.close();
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
