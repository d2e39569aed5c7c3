import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { problemSchema } from '@/lib/api';
import { getEngine } from '@/lib/live';
import { POST } from './route';

vi.mock(import('@/lib/settings'), async (original) => {
  const settings = await original();
  return { ...settings, getSettings: () => settings.parseSettings({ ...process.env }) };
});
vi.mock(import('@/lib/log'), { spy: true });

const scale = vi.fn((_name: string, replicas: number) =>
  Promise.resolve({ from: 3, to: replicas }),
);

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.spyOn(getEngine(), 'scale').mockImplementation(scale);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  scale.mockClear();
});

function post(replicas: unknown): Promise<Response> {
  const host = '127.0.0.1:3000';
  const request = new Request(`http://${host}/api/services/goweb/scale`, {
    method: 'POST',
    headers: { host, 'content-type': 'application/json' },
    body: JSON.stringify({ replicas }),
  });
  return POST(request, { params: Promise.resolve({ name: 'goweb' }) });
}

test.each([
  ['100 by default', '', 100],
  ['MAX_REPLICAS', '250', 250],
])('accepts counts up to the limit: %s', async (_name, setting, limit) => {
  vi.stubEnv('MAX_REPLICAS', setting);
  const response = await post(limit);
  expect(response.status).toBe(202);
  expect(await response.json()).toEqual({ service: 'goweb', from: 3, to: limit });
  expect(scale).toHaveBeenCalledWith('goweb', limit, expect.any(Function));
});

test.each([
  ['100 by default', '', 100],
  ['MAX_REPLICAS', '7', 7],
])('rejects a count above the limit in words that name it: %s', async (_name, setting, limit) => {
  vi.stubEnv('MAX_REPLICAS', setting);
  const response = await post(limit + 1);
  expect(response.status).toBe(400);
  expect(problemSchema.parse(await response.json())).toMatchObject({
    kind: 'bad-request',
    detail: `replicas: has to be a whole number from 0 to ${limit}, the limit set by MAX_REPLICAS`,
  });
  expect(scale).not.toHaveBeenCalled();
});
