import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { engineListener, standIn } from '@/tests/support/stand-in-engine';
import { dockerEngine } from './docker-engine';

/** docker-modem reads these for itself, and throws for a certificate that is not there. */
const MISLEADING = {
  DOCKER_HOST: 'tcp://127.0.0.1:1',
  DOCKER_TLS_VERIFY: '1',
  DOCKER_CERT_PATH: '/nowhere',
  DOCKER_PATH_PREFIX: '/prefix',
  DOCKER_CLIENT_TIMEOUT: '1',
};

afterEach(() => void vi.unstubAllEnvs());

test('ignores the environment and restores it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-engine-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const socketPath = join(folder, 'docker.sock');
  const paths: string[] = [];
  await standIn(
    (request, response) => {
      paths.push(request.url ?? '');
      engineListener()(request, response);
    },
    { at: socketPath },
  );
  for (const [name, value] of Object.entries(MISLEADING)) vi.stubEnv(name, value);
  const engine = dockerEngine({ kind: 'unix', socketPath });
  expect(process.env).toMatchObject(MISLEADING);
  expect(await engine.tasks()).toEqual([]);
  expect(paths).toEqual(['/tasks']);
});

test('leaves an unset variable unset', () => {
  for (const name of Object.keys(MISLEADING)) vi.stubEnv(name, undefined);
  dockerEngine({ kind: 'unix', socketPath: '/nowhere/docker.sock' });
  for (const name of Object.keys(MISLEADING)) expect(name in process.env).toBe(false);
});
