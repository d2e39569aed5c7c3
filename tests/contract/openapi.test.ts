import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRouteServer } from '@/tests/support/route-server';
import { ApiFuzzer, isBare } from './api-fuzzer';
import { demoEngine, type TestEngine } from './engines';

/**
 * Requests that are made from the API's own document, sent to a dashboard on the demo swarm: no defect, no status that the
 * document does not list, and every answer is as its schema has it.
 */

let engine: TestEngine;
let server: Awaited<ReturnType<typeof startRouteServer>>;
let fuzzer: ApiFuzzer;

beforeAll(async () => {
  engine = await demoEngine();
  vi.stubEnv('DOCKER_HOST', `unix://${engine.socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  for (const name of ['DASHBOARD_PASSWORD', 'DASHBOARD_TOKEN']) vi.stubEnv(name, '');
  server = await startRouteServer();
  const response = await fetch(`${server.url}/api/openapi.json`);
  fuzzer = new ApiFuzzer(server.url, (await response.json()) as object);
});
afterAll(async () => {
  await server.close();
  await engine.close();
  vi.unstubAllEnvs();
});

const post = (path: string, body: unknown) =>
  fetch(server.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Ends faults, and makes the echo service where a request has removed it. */
async function restoreSwarm(): Promise<void> {
  await post('/api/demo', { path: '/reset', body: {} });
  await post('/api/services', {
    name: 'goweb',
    image: 'carmeloc/goweb:1.0',
    replicas: 3,
    ports: [{ target: 8080, published: 8888 }],
  });
}

test('every answer to any request is one that the document has', async () => {
  const seen = new Set<string>();
  await fc.assert(
    fc
      .asyncProperty(fc.array(fuzzer.request(), { minLength: 1, maxLength: 12 }), async (all) => {
        for (const request of all) {
          const { problem } = await fuzzer.send(request);
          expect({ request, problem }).toEqual({ request, problem: null });
          seen.add(request.operation);
        }
      })
      .beforeEach(restoreSwarm),
    { numRuns: 60 },
  );
  expect(server.defects).toEqual([]);
  // The requests reach the whole API.
  expect([...seen].filter((one) => !isBare(one)).sort()).toEqual(
    fuzzer.operations.filter((one) => !isBare(one)).sort(),
  );
});

test('HEAD and OPTIONS of every path answer as the document has it', async () => {
  await restoreSwarm();
  for (const names of ['goweb', 'zero1', 'goweb.1', 'nosuch']) {
    expect(await fuzzer.bareProblems(names)).toEqual([]);
  }
  for (const [path, methods] of Object.entries(fuzzer.document.paths)) {
    const asked = path.replaceAll(/\{\w+\}/g, 'x');
    const { headers } = await fetch(server.url + asked, { method: 'OPTIONS' });
    const allowed = headers.get('allow')?.toLowerCase().split(', ') ?? [];
    expect([path, allowed.toSorted()]).toEqual([path, Object.keys(methods).toSorted()]);
  }
  expect(server.defects).toEqual([]);
});

test('requests as the document describes them succeed', async () => {
  await restoreSwarm();
  for (const [wanted, operation, path, body] of [
    [200, 'GET /api/swarm', ''],
    [200, 'GET /api/timeline', ''],
    [200, 'GET /api/timeline', '?from=0&to=1'],
    [200, 'GET /api/services/{name}', ''],
    [200, 'GET /api/services/{name}', '?secrets'],
    [200, 'GET /api/nodes/{id}', ''],
    [200, 'GET /api/tasks/{id}', ''],
    [200, 'GET /api/tasks/{id}/logs', '?follow=0'],
    [200, 'GET /api/services/{name}/logs', '?format=events'],
    [200, 'GET /api/demo', ''],
    [200, 'GET /api/session', ''],
    [200, 'GET /api/runs', ''],
    [200, 'GET /metrics', ''],
    [200, 'GET /healthz', ''],
    [200, 'GET /readyz', ''],
    [200, 'POST /api/services', '?dry-run', { name: 'a', image: 'carmeloc/goweb:1.0' }],
    [200, 'PATCH /api/services/{name}', '?dry-run', { image: 'carmeloc/goweb:1.1' }],
    [202, 'PATCH /api/services/{name}', '', { env: { A: 'b' } }],
    [200, 'POST /api/services/{name}/rollback', '?dry-run'],
    [202, 'POST /api/services/{name}/rollback', ''],
    [200, 'POST /api/services/{name}/restart', '?dry-run'],
    [202, 'POST /api/services/{name}/restart', ''],
    [202, 'POST /api/services/{name}/scale', '', { replicas: 2 }],
    [200, 'DELETE /api/services/{name}', '?dry-run'],
    [200, 'PATCH /api/nodes/{id}', '?dry-run', { availability: 'drain', role: 'manager' }],
    [202, 'PATCH /api/nodes/{id}', '', { labels: { a: 'b' } }],
    [200, 'DELETE /api/nodes/{id}', '?dry-run'],
    [200, 'POST /api/image-lookup', '', { image: 'carmeloc/goweb:1.0' }],
    [200, 'POST /api/join-command', ''],
    [200, 'POST /api/join-command', '', { role: 'manager', rotate: true }],
    [201, 'POST /api/runs', '', { service: 'goweb', publishedPort: 8888, seconds: 1 }],
    [204, 'DELETE /api/session', ''],
    [202, 'DELETE /api/services/{name}', ''],
    [201, 'POST /api/services', '', { name: 'goweb', image: 'carmeloc/goweb:1.0' }],
  ] as const) {
    const named = (operation.split(' ')[1] ?? '')
      .replace('services/{name}', 'services/goweb')
      .replace('nodes/{id}', 'nodes/zero1')
      .replace('tasks/{id}', 'tasks/goweb.1');
    const sent = await fuzzer.send({
      operation,
      path: named + path,
      ...(body === undefined ? {} : { body: JSON.stringify(body), type: 'application/json' }),
    });
    expect([operation, path, sent]).toEqual([operation, path, { status: wanted, problem: null }]);
  }
});
