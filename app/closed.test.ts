import { beforeEach, expect, test, vi } from 'vitest';
import { appFiles, everyRoute, pageHtml, type RouteCall } from '@/tests/support/routes';

/** With DASHBOARD_READ=signed-in nothing of the swarm leaves the server before a sign-in. */

/** Public although reading is closed: probes, and the sign-in itself. */
const PUBLIC = ['GET /healthz', 'GET /readyz', 'POST /api/session', 'DELETE /api/session'];

/** Files of `app/` that answer nothing by themselves. */
const SILENT = /\.test\.tsx?$|^globals\.css$|^layout\.tsx$|^api(\/.*)?$|\.css$/;

const touched = vi.fn();
const scope = globalThis as Record<symbol, unknown>;

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv('HOSTNAME', '0.0.0.0');
  vi.stubEnv('DASHBOARD_READ', 'signed-in');
  vi.stubEnv('DASHBOARD_PASSWORD', 'the operators’ password');
  vi.stubEnv('DASHBOARD_GUEST_PASSWORD', 'the guests’ password');
  touched.mockReset();
  for (const name of ['engine', 'feed', 'runner', 'sessions']) {
    // A refused request must not reach the engine either.
    const trap = new Proxy({}, { get: (_, property) => touched(name, property) });
    scope[Symbol.for(`clusterhat.${name}`)] = name === 'sessions' ? undefined : trap;
  }
  return () => vi.unstubAllEnvs();
});

const routes = await everyRoute();

async function refusal({ call }: RouteCall, headers: Record<string, string>): Promise<unknown> {
  const response = await call({ 'content-type': 'application/json', ...headers }, {});
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const { status, kind } = (await response.json()) as Record<string, unknown>;
  return { status, kind };
}

test('finds the routes', () => {
  const names = routes.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['GET /api/live', 'DELETE /api/runs/[id]/drill']));
  expect(names).toEqual(expect.arrayContaining(PUBLIC));
});

test.each(routes.filter(({ name }) => !PUBLIC.includes(name)))(
  '$name refuses who has not signed in',
  async (route) => {
    const required = { status: 401, kind: 'sign-in-required' };
    expect(await refusal(await fresh(route), {})).toEqual(required);
    const forged = { cookie: `clusterhat-session-3000=${'A'.repeat(43)}` };
    expect(await refusal(await fresh(route), forged)).toEqual(required);
    expect(touched).not.toHaveBeenCalled();
  },
);

/** The same route of the modules that this test's environment has. */
async function fresh({ name }: RouteCall): Promise<RouteCall> {
  const found = (await everyRoute()).find((route) => route.name === name);
  if (!found) throw new Error(`${name} is gone`);
  return found;
}

test.each(['page.tsx', 'help/page.tsx'])(
  '%s shows the sign-in page and is counted',
  async (file) => {
    const { counters, resetCounters } = await import('@/lib/observe/counters');
    resetCounters();
    const html = await pageHtml({}, file);
    expect(html).toContain('ClusterHAT swarm');
    expect(html).toContain('type="password"');
    expect(html).toContain('needs JavaScript');
    const refused = { labels: { kind: 'sign-in-required' }, value: 1 };
    expect([...counters().refused.values()]).toEqual([refused]);
    expect(html).not.toMatch(/Docker|goweb|ctrl|zero\d|troubleshoot|\d+\.\d+\.\d+/i);
    expect(touched).not.toHaveBeenCalled();
  },
);

test('no other file of app/ is a route or page', async () => {
  const others = appFiles(/\.\w+$/).filter(
    (file) => !/(^|\/)route\.ts$/.test(file) && !SILENT.test(file),
  );
  expect(others).toEqual(['help/page.tsx', 'page.tsx']);
});

test('readyz returns only whether it is ready', async () => {
  scope[Symbol.for('clusterhat.feed')] = {
    pollIfOlder: () => Promise.resolve(),
    status: () => ({ at: null, error: { kind: 'socket-missing' } }),
  };
  const ready = (await everyRoute()).find(({ name }) => name === 'GET /readyz');
  const response = await ready?.call();
  expect(response?.status).toBe(503);
  expect(await response?.text()).toBe('not ready\n');
});
