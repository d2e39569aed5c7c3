import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { everyRoute } from '@/tests/support/routes';

/** Bodies that a form of another site can send reach no change, also where a change needs no body. */

const touched = vi.fn();
const scope = globalThis as Record<symbol, unknown>;

beforeAll(() => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  for (const name of ['engine', 'feed', 'runner']) {
    scope[Symbol.for(`clusterhat.${name}`)] = new Proxy(
      {},
      { get: (_, property) => touched(name, property) },
    );
  }
  return () => vi.unstubAllEnvs();
});

beforeEach(() => void touched.mockReset());

const changes = (await everyRoute()).filter(({ name }) => !/^(GET|HEAD) /.test(name));

test('finds the changes', () => {
  expect(changes.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      'POST /api/services/[name]/restart',
      'POST /api/services/[name]/rollback',
      'DELETE /api/nodes/[id]',
      'PATCH /api/services/[name]',
    ]),
  );
});

const TYPES = ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', ''];

test.each(changes)('$name takes only JSON', async ({ call }) => {
  for (const type of TYPES) {
    // oxlint-disable-next-line no-await-in-loop -- which type it was
    const response = await call({ 'content-type': type }, {});
    expect([type, response.status]).toEqual([type, 400]);
    // oxlint-disable-next-line no-await-in-loop
    expect(await response.json()).toMatchObject({
      kind: 'bad-request',
      detail: 'The body has to be JSON: Content-Type: application/json.',
    });
  }
  expect(touched).not.toHaveBeenCalled();
});

test.each(changes)('$name takes no field that it does not know', async ({ call }) => {
  const response = await call({ 'content-type': 'application/json' }, { nowhere: 1 });
  expect(response.status).toBe(400);
  expect(touched).not.toHaveBeenCalled();
});
