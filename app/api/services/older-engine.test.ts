import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { startDemo } from '@/demo/demo';
import { loadApp } from '@/tests/support/call-app';
import { oddEngine, type OddAnswer } from '@/tests/support/odd-engine';

test('what an older engine does not have is refused at its field, and nothing is sent', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-older-'));
  const socketPath = join(folder, 'demo.sock');
  const demo = await startDemo({ socketPath, seed: 5, speed: 20, replicas: 3, api: '1.40' });
  const engine = await oddEngine(socketPath, null);
  const written: string[] = [];
  let version: OddAnswer | undefined;
  engine.refuse(({ method, path }) => {
    if (method === 'POST') written.push(path);
    return path === '/version' ? version : undefined;
  });
  vi.stubEnv('DOCKER_HOST', engine.dockerHost);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  const call = await loadApp();
  const jobs = { field: 'mode', message: 'Docker 19.03 has no jobs; they need Docker 20.10.' };
  const pids = {
    field: 'limits.pids',
    message: 'Docker 19.03 has no limit of processes; it needs Docker 20.10.',
  };
  try {
    const service = { name: 'other', image: 'carmeloc/goweb:1.0' };
    for (const query of ['', '?dry-run']) {
      for (const [over, errors] of [
        [{ mode: 'replicated-job' }, [jobs]],
        [{ mode: 'global-job', limits: { pids: 9 } }, [jobs, pids]],
        [{ limits: { pids: 9 } }, [pids]],
      ] as const) {
        const answer = await call('POST', `/api/services${query}`, { ...service, ...over });
        expect(answer).toMatchObject({ status: 422, body: { kind: 'engine-refused', errors } });
      }
      const patched = await call('PATCH', `/api/services/goweb${query}`, { limits: { pids: 9 } });
      expect(patched).toMatchObject({
        status: 422,
        body: { kind: 'engine-refused', detail: pids.message, errors: [pids] },
      });
    }
    // The version is not known: the engine fails, and then a proxy refuses it.
    const job = { ...service, mode: 'replicated-job' };
    version = { status: 500, body: { message: 'it fails' } };
    for (const query of ['', '?dry-run']) {
      const answer = await call('POST', `/api/services${query}`, job);
      expect(answer).toMatchObject({ status: 502, body: { kind: 'engine-error' } });
      const patched = await call('PATCH', `/api/services/goweb${query}`, { limits: { pids: 9 } });
      expect(patched).toMatchObject({ status: 502, body: { kind: 'engine-error' } });
    }
    version = undefined;
    expect((await call('GET', '/api/swarm')).status).toBe(200);
    version = { status: 403, body: { message: 'refused' } };
    const answer = await call('POST', '/api/services', job);
    expect(answer).toMatchObject({ status: 422, body: { errors: [jobs] } });
    expect(written).toEqual([]);
    const update = { limits: { pids: 0, memory: '64M' } };
    expect((await call('PATCH', '/api/services/goweb', update)).status).toBe(202);
    expect((await call('POST', '/api/services', service)).status).toBe(201);
    expect(written).toHaveLength(2);
  } finally {
    vi.unstubAllEnvs();
    await engine.close();
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
