import fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startRouteServer } from '@/tests/support/route-server';
import { ApiFuzzer } from './api-fuzzer';

/** As openapi.test.ts: a dashboard that is closed to visitors, whose engine is not there. */

let server: Awaited<ReturnType<typeof startRouteServer>>;

const TOKEN = 'the-operators-token-for-programs';
const READ_TOKEN = 'the-readers-token-is-another-one';
const bearer = (token: string) => `Bearer ${token}`;
const basic = (password: string) => `Basic ${Buffer.from(`a:${password}`).toString('base64')}`;

beforeAll(async () => {
  for (const [name, value] of Object.entries({
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    HOSTNAME: '0.0.0.0',
    LOG_LEVEL: 'error',
    DASHBOARD_READ: 'signed-in',
    DASHBOARD_PASSWORD: 'the operators password',
    DASHBOARD_GUEST_PASSWORD: 'the guests password',
    DASHBOARD_TOKEN: TOKEN,
    DASHBOARD_READ_TOKEN: READ_TOKEN,
  })) {
    vi.stubEnv(name, value);
  }
  server = await startRouteServer();
});
afterAll(async () => {
  await server.close();
  vi.unstubAllEnvs();
});

test('every refusal is one that the document has', async () => {
  const response = await fetch(`${server.url}/api/openapi.json`, {
    headers: { authorization: bearer(READ_TOKEN) },
  });
  const fuzzer = new ApiFuzzer(server.url, (await response.json()) as object, [
    undefined,
    bearer(TOKEN),
    bearer(TOKEN),
    bearer(READ_TOKEN),
    bearer('wrong'),
    basic('the guests password'),
    basic('wrong'),
  ]);
  const statuses = new Set<number>();
  await fc.assert(
    fc.asyncProperty(fuzzer.request(), async (request) => {
      const { status, problem } = await fuzzer.send(request);
      expect({ request, problem }).toEqual({ request, problem: null });
      statuses.add(status);
    }),
    { numRuns: 250 },
  );
  for (const authorization of [undefined, bearer(TOKEN), bearer(READ_TOKEN), bearer('wrong')]) {
    expect(await fuzzer.bareProblems('goweb', authorization)).toEqual([]);
  }
  expect(server.defects).toEqual([]);
  expect([...statuses]).toEqual(expect.arrayContaining([400, 401, 403, 503]));
});
