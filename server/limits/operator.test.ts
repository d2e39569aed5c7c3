import type { IncomingHttpHeaders } from 'node:http';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { signIn } from '@/lib/auth';
import { isOperator } from './operator';

vi.mock(import('@/lib/settings'), async (original) => {
  const settings = await original();
  return { ...settings, getSettings: () => settings.parseSettings({ ...process.env }) };
});

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '0.0.0.0');
  vi.stubEnv('DASHBOARD_PASSWORD', 'right');
  vi.stubEnv('DASHBOARD_GUEST_PASSWORD', 'guests');
  vi.stubEnv('DASHBOARD_TOKEN', 'a-token-of-a-program-that-is-long');
});
afterEach(() => void vi.unstubAllEnvs());

/** The cookie of a new session. */
function sessionOf(password: string): string {
  const sent = new Headers({ host: 'ctrl:3000', 'x-clusterhat-client': '10.0.0.1' });
  const signedIn = signIn(sent, password);
  return signedIn.ok ? (signedIn.cookies[0]?.split(';')[0] ?? '') : '';
}

test('an operator is known by a session or a token, and by nothing else', () => {
  const basic = `Basic ${Buffer.from('a:right').toString('base64')}`;
  const cases: [IncomingHttpHeaders, boolean][] = [
    [{ cookie: sessionOf('right') }, true],
    [{ authorization: 'Bearer a-token-of-a-program-that-is-long' }, true],
    [{ cookie: sessionOf('guests') }, false],
    [{ authorization: 'Bearer another' }, false],
    [{ authorization: basic }, false],
    [{ 'set-cookie': ['a=b'], 'x-odd': '\xff\t\x80' }, false],
    [{}, false],
  ];
  for (const [headers, expected] of cases) {
    const known = isOperator({ headers: { host: 'ctrl:3000', ...headers } });
    expect([headers, known]).toEqual([headers, expected]);
  }
});

test('everybody is one where the dashboard is open', () => {
  vi.unstubAllEnvs();
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  expect(isOperator({ headers: { host: '127.0.0.1:3000' } })).toBe(true);
});
