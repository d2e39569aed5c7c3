import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { aRequest } from '@/tests/factories/curl';
import { aView } from '@/tests/factories/view';
import * as log from '@/lib/log';
import { DELETE as DELETE_DRILL, POST as POST_DRILL } from './[id]/drill/route';
import { DELETE } from './[id]/route';
import { POST } from './route';

vi.mock(import('@/lib/settings'), async (original) => {
  const settings = await original();
  return { ...settings, getSettings: () => settings.parseSettings({ ...process.env }) };
});

vi.mock(import('@/lib/log'), { spy: true });

const FEED = Symbol.for('clusterhat.feed');
const RUNNER = Symbol.for('clusterhat.runner');
const PASSWORDS = Symbol.for('clusterhat.passwords');
const scope = globalThis as { [FEED]?: unknown; [RUNNER]?: unknown; [PASSWORDS]?: unknown };

const start = vi.fn<(...args: unknown[]) => unknown>(() => ({ ok: true, run: { id: 'new' } }));
const stop = vi.fn<(id: string) => unknown>((id) =>
  id === 'nosuch' ? null : { id, request: aRequest() },
);
const get = vi.fn<(id: string) => unknown>(() => ({ state: 'running' }));
const startedBy = vi.fn((id: string) => ({ 'by-guest': 'guest', 'by-operator': 'operator' })[id]);

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '0.0.0.0');
  vi.stubEnv('DASHBOARD_PASSWORD', 'right');
  vi.stubEnv('DASHBOARD_GUEST_PASSWORD', 'guests');
  scope[FEED] = { fresh: () => Promise.resolve(aView()) };
  scope[RUNNER] = { start, stop, get, startedBy };
});
afterEach(() => {
  vi.clearAllMocks();
  vi.unstubAllEnvs();
  delete scope[FEED];
  delete scope[RUNNER];
  delete scope[PASSWORDS];
});

const ask = (method: string, password: string, body?: unknown) =>
  new Request('http://ctrl:3000/', {
    method,
    headers: {
      host: 'ctrl:3000',
      authorization: `Basic ${btoa(`:${password}`)}`,
      'content-type': 'application/json',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
const withId = (id: string) => ({ params: Promise.resolve({ id }) });
const stopAs = async (password: string, id: string) =>
  (await DELETE(ask('DELETE', password), withId(id))).status;

test.each([
  ['guests', 'guest'],
  ['right', 'operator'],
])('a run started with the password “%s” belongs to the %s', async (password, by) => {
  const body = { service: 'goweb', publishedPort: 80, entryNode: 'ctrl' };
  expect((await POST(ask('POST', password, body))).status).toBe(201);
  expect(start.mock.lastCall?.[2]).toBe(by);
});

test('guests may stop only runs that guests started', async () => {
  expect(await stopAs('guests', 'by-guest')).toBe(200);
  expect(stop).toHaveBeenCalledTimes(1);
  expect(await stopAs('guests', 'by-operator')).toBe(403);
  expect(stop).toHaveBeenCalledTimes(1);
  expect(await stopAs('guests', 'nosuch')).toBe(404);
  expect(await stopAs('right', 'by-guest')).toBe(200);
  expect(await stopAs('right', 'by-operator')).toBe(200);
});

test('guests may neither start nor end a drill', async () => {
  const drill = { kind: 'drain', node: 'zero1' };
  const context = withId('by-guest');
  expect((await POST_DRILL(ask('POST', 'guests', drill), context)).status).toBe(403);
  expect((await DELETE_DRILL(ask('DELETE', 'guests'), context)).status).toBe(403);
});

test('logs a stop, except for a run that had ended', async () => {
  const logged = vi.spyOn(log, 'logChange').mockImplementation(() => {});
  await stopAs('guests', 'by-guest');
  get.mockReturnValueOnce({ state: 'ended' });
  await stopAs('guests', 'by-guest');
  expect(logged).toHaveBeenCalledOnce();
  expect(logged).toHaveBeenCalledWith(
    expect.objectContaining({ action: 'stop run', role: 'guest', outcome: 'ok' }),
  );
});
