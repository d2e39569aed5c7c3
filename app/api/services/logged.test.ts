import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { getEngine } from '@/lib/live';
import { logChange } from '@/lib/log';
import { PATCH } from './[name]/route';
import { POST } from './route';

vi.mock(import('@/lib/settings'), async (original) => {
  const settings = await original();
  return { ...settings, getSettings: () => settings.parseSettings({ ...process.env }) };
});
vi.mock(import('@/lib/log'), { spy: true });

const service = { ID: 'id-goweb', Version: { Index: 1 }, Spec: {}, PreviousSpec: null, json: {} };

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  const engine = getEngine();
  vi.spyOn(engine, 'distribution').mockResolvedValue({ state: 'missing', reason: '' });
  vi.spyOn(engine, 'createService').mockResolvedValue({ id: 'id-goweb', warnings: [] });
  vi.spyOn(engine, 'changeService').mockResolvedValue({
    before: service,
    spec: {},
    written: true,
    warnings: [],
  });
  vi.mocked(logChange).mockReset();
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const request = (method: string, path: string, body: object) =>
  new Request(`http://127.0.0.1:3000/api/services${path}`, {
    method,
    headers: { host: '127.0.0.1:3000', 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

test('the log has the command of a change without the values of the environment', async () => {
  const env = { TOKEN: 'planted' };
  await POST(request('POST', '', { name: 'goweb', image: 'x:1', env }));
  const params = Promise.resolve({ name: 'goweb' });
  await PATCH(request('PATCH', '/goweb', { env: { ...env, OLD: null } }), { params });
  const lines = vi.mocked(logChange).mock.calls.map(([line]) => line);
  expect(lines.map(({ command, outcome }) => [command, outcome])).toEqual([
    [`docker service create --name goweb --env 'TOKEN=(hidden)' x:1`, 'ok'],
    [`docker service update --env-add 'TOKEN=(hidden)' --env-rm OLD goweb`, 'ok'],
  ]);
});

test('the log names a service that the page named by its id', async () => {
  const before = { ...service, Spec: { Name: 'goweb' } };
  vi.spyOn(getEngine(), 'changeService').mockImplementation((_name, _change, options) => {
    options?.check?.(before);
    return Promise.resolve({ before, spec: {}, written: true, warnings: [] });
  });
  const params = Promise.resolve({ name: 'id-goweb' });
  await PATCH(request('PATCH', '/id-goweb', { env: { A: null } }), { params });
  expect(vi.mocked(logChange).mock.calls[0]?.[0]).toMatchObject({
    service: 'goweb',
    command: 'docker service update --env-rm A goweb',
  });
});
