import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { callerOf, signIn } from '../auth';
import { sseStream } from '../live';
import { guardStream } from './guard-stream';

vi.mock(import('@/lib/settings'), async (original) => {
  const settings = await original();
  return { ...settings, getSettings: () => settings.parseSettings({ ...process.env }) };
});

const MOST = 50;
const close = new Set<AbortController>();

beforeEach(() => {
  vi.stubEnv('HOSTNAME', '0.0.0.0');
  vi.stubEnv('DASHBOARD_PASSWORD', 'right');
  vi.stubEnv('DASHBOARD_GUEST_PASSWORD', 'guests');
});
afterEach(() => {
  for (const one of close) one.abort();
  close.clear();
  vi.unstubAllEnvs();
});

const head = (headers: Record<string, string>) =>
  new Headers({ host: 'ctrl:3000', 'x-clusterhat-client': '10.0.0.1', ...headers });

/** The cookie of a new session. */
function sessionOf(password: string): string {
  const signedIn = signIn(head({}), password);
  return signedIn.ok ? (signedIn.cookies[0]?.split(';')[0] ?? '') : '';
}

/** Tries to open one more stream; returns the status if it is refused. */
function open(headers: Record<string, string>): number | 'opened' {
  const request = new Request('http://ctrl:3000/api/live', { headers: head(headers) });
  const { owner, refusal } = guardStream(request);
  if (refusal) return refusal.status;
  const left = new AbortController();
  close.add(left);
  sseStream([], left.signal, owner);
  return 'opened';
}

/** Opens streams until there are `MOST` of one owner. */
function fill(headers: Record<string, string>): void {
  const owner = callerOf(head(headers)).session;
  for (let n = 0; n < MOST; n++) {
    const left = new AbortController();
    close.add(left);
    sseStream([], left.signal, owner);
  }
}

test('the session of a tossed cookie, which has no free streams, takes none from another session', () => {
  vi.stubEnv('DASHBOARD_READ', 'signed-in');
  const own = sessionOf('guests');
  for (const password of ['guests', 'right']) {
    const tossed = sessionOf(password);
    fill({ cookie: tossed });
    expect(open({ cookie: tossed })).toBe(503);
    expect(open({ cookie: `${tossed}; ${own}` })).toBe('opened');
  }
});

test('the session of a tossed cookie, which has no free streams, takes none from visitors without a session', () => {
  const tossed = sessionOf('guests');
  fill({ cookie: tossed });
  expect(open({ cookie: tossed })).toBe('opened');
});

test('more cookies do not allow more streams', () => {
  vi.stubEnv('DASHBOARD_READ', 'signed-in');
  const cookie = `${sessionOf('guests')}; ${sessionOf('guests')}`;
  const opened = Array.from({ length: 2 * MOST + 5 }, () => open({ cookie }));
  expect(opened.filter((one) => one === 'opened')).toHaveLength(2 * MOST);
  expect(opened.at(-1)).toBe(503);
});
