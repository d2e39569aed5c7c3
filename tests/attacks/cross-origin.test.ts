import { beforeAll, describe, expect, test } from 'vitest';
import { ask } from './support/raw';
import { changes } from './support/routes';
import { sharedTarget } from './support/server';
import { SECRETS, signIn } from './support/sign-in';

/** No page of another site can change the swarm, even in a signed-in browser. */

const OWN = (port: number): (string | null)[] => [null, `http://127.0.0.1:${port}`];
const FOREIGN = (port: number): string[] => [
  'null',
  'http://evil.example',
  `http://127.0.0.1:${port - 1}`,
  'http://127.0.0.1',
  'https://127.0.0.1',
  `http://localhost:${port}`,
  `http://sub.127.0.0.1:${port}`,
  `http://127.0.0.1.evil.example:${port}`,
  `http://127.0.0.1:${port}.evil.example`,
  `http://127.0.0.1:${port}@evil.example`,
  `http://evil.example/#http://127.0.0.1:${port}`,
  `http://127.0.0.1:${port}, http://evil.example`,
  `http://127.0.0.2:${port}`,
  `http://[::1]:${port}`,
  `ftp://127.0.0.1:${port}`,
  'chrome-extension://abcdef',
  'file://',
  '',
];
const OWN_SITES = [null, 'same-origin', 'none'];
const OTHER_SITES = ['same-site', 'cross-site', 'what', ''];
const TYPES = [
  null,
  'application/json',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; application/json',
];

describe.each([
  ['open', {}],
  ['signed in', SECRETS],
] as const)('%s', (mode, env) => {
  const target = sharedTarget({ env });
  let signedIn: Record<string, string> = {};
  beforeAll(async () => {
    if (mode === 'open') return;
    signedIn = (await signIn(target().port, SECRETS.DASHBOARD_PASSWORD)).headers;
  });

  /** The status of a change with these headers; null: no header. */
  async function statusOf(
    { path, method, body }: ReturnType<typeof changes>[number],
    origin: string | null,
    site: string | null,
    type: string | null,
  ): Promise<number> {
    const { status } = await ask(target().port, path, {
      method,
      headers: {
        ...signedIn,
        ...(origin === null ? {} : { origin }),
        ...(site === null ? {} : { 'sec-fetch-site': site }),
        ...(type === null ? {} : { 'content-type': type }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return status;
  }

  // Signing out would end the session that the other calls need.
  const tried = changes().filter(
    ({ path, method }) => `${method} ${path}` !== 'DELETE /api/session',
  );

  /** Those of `combinations` that were not refused. */
  async function passing(
    call: ReturnType<typeof changes>[number],
    combinations: readonly (readonly [origin: string | null, site: string | null])[],
    types: readonly (string | null)[],
  ): Promise<string[]> {
    const passed: string[] = [];
    for (const type of types) {
      for (const [origin, site] of combinations) {
        const status = await statusOf(call, origin, site, type);
        if (status !== 403) passed.push(`${origin} ${site} ${type}: ${status}`);
      }
    }
    return passed;
  }

  test.each(tried)('rejects $method $path from another site', async (call) => {
    const { port } = target();
    const foreign = FOREIGN(port).map((origin) => [origin, null] as const);
    const others = OTHER_SITES.map((site) => [null, site] as const);
    const type = 'application/json';
    expect(await passing(call, [...foreign, ...others], [type])).toEqual([]);
  });

  // What refuses them is the same for all, so one call of each kind is enough.
  const ofEachKind = ['/api/runs', '/api/image-lookup', '/api/services?dry-run'];
  test.each(tried.filter(({ path, method }) => method === 'POST' && ofEachKind.includes(path)))(
    'rejects $method $path from another site, whatever else it sends',
    async (call) => {
      const { port } = target();
      const sites = [...OWN_SITES, ...OTHER_SITES];
      const all = [
        ...FOREIGN(port).flatMap((origin) => sites.map((site) => [origin, site] as const)),
        ...OWN(port).flatMap((origin) => OTHER_SITES.map((site) => [origin, site] as const)),
      ];
      expect(await passing(call, all, TYPES.slice(0, 3))).toEqual([]);
    },
  );

  test.each(tried)('answers $method $path from the page itself', async (call) => {
    const { port } = target();
    const wrong: string[] = [];
    for (const origin of OWN(port)) {
      for (const site of OWN_SITES) {
        const status = await statusOf(call, origin, site, 'application/json');
        const should = mode === 'open' && call.path === '/api/session' ? 403 : call.status;
        if (status !== should) wrong.push(`${origin} ${site}: ${status}, not ${should}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(tried.filter(({ body }) => body !== undefined))(
    '$method $path takes no type that a form can send',
    async (call) => {
      for (const type of TYPES.filter((type) => type !== 'application/json')) {
        expect(await statusOf(call, null, null, type), String(type)).not.toBe(call.status);
      }
    },
  );
});
