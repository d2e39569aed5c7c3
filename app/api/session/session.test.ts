import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problemSchema, signedInSchema } from '@/lib/api';
import { accessOf, callerOf } from '@/lib/auth';
import { guardChange, guardRead, guardRun } from '@/lib/http';
import { counters, resetCounters } from '@/lib/observe/counters';
import { logChange } from '@/lib/log';
import { DELETE, POST } from './route';

vi.mock(import('@/lib/settings'), async (original) => {
  const settings = await original();
  return { ...settings, getSettings: () => settings.parseSettings({ ...process.env }) };
});

vi.mock(import('@/lib/log'), { spy: true });

const SESSIONS = Symbol.for('clusterhat.sessions');
const PASSWORDS = Symbol.for('clusterhat.passwords');
const HOST = 'ctrl:3000';
const TOKEN = 'operators-token-of-20-characters';
const READ_TOKEN = 'readers-token-of-20-characters';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
  vi.stubEnv('HOSTNAME', '0.0.0.0');
  vi.stubEnv('DASHBOARD_PASSWORD', 'right');
  vi.stubEnv('DASHBOARD_GUEST_PASSWORD', 'guests');
  vi.stubEnv('DASHBOARD_TOKEN', TOKEN);
  vi.stubEnv('DASHBOARD_READ_TOKEN', READ_TOKEN);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  restart();
});

/** Forgets what the process held in memory. */
function restart() {
  const scope = globalThis as { [SESSIONS]?: unknown; [PASSWORDS]?: unknown };
  delete scope[SESSIONS];
  delete scope[PASSWORDS];
}

type Headings = Record<string, string>;

const ask = (headers: Headings = {}, method = 'POST', body?: string) =>
  new Request(`http://${HOST}/api/session`, {
    method,
    headers: { host: HOST, ...headers },
    ...(body !== undefined && { body }),
  });

const signIn = (password: string, headers: Headings = {}) =>
  POST(
    ask({ 'content-type': 'application/json', ...headers }, 'POST', JSON.stringify({ password })),
  );

/** What a browser sends once it has signed in. */
async function signedIn(password = 'right', headers: Headings = {}) {
  const response = await signIn(password, headers);
  expect(response.status).toBe(200);
  const { token, role } = signedInSchema.parse(await response.json());
  const [session = '', device = ''] = response.headers
    .getSetCookie()
    .map((cookie) => cookie.replace(/;.*/, ''));
  return { token, role, session, device, headers: { cookie: session, 'x-csrf-token': token } };
}

async function kindOf(response: Response | null): Promise<string> {
  if (response === null) return 'passed';
  expect(response.headers.has('www-authenticate')).toBe(false);
  return problemSchema.parse(await response.json()).kind;
}

const change = (headers: Headings) => kindOf(guardChange(ask(headers)));
const run = (headers: Headings) => kindOf(guardRun(ask(headers)));
const read = (headers: Headings) => kindOf(guardRead(ask(headers, 'GET')));
const basic = (password: string) => ({
  authorization: `Basic ${Buffer.from(`me:${password}`).toString('base64')}`,
});

describe('signing in', () => {
  test('returns the token, the role and the expiry, and sets HttpOnly cookies', async () => {
    const response = await signIn('right');
    const body = signedInSchema.parse(await response.json());
    expect(body.role).toBe('operator');
    expect(body.expires - Date.now()).toBe(24 * 3600 * 1000);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const cookies = response.headers.getSetCookie();
    expect(cookies).toEqual([
      expect.stringMatching(
        /^clusterhat-session-3000=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=86400$/,
      ),
      expect.stringMatching(
        /^clusterhat-device-3000=[\w.-]+; Path=\/; HttpOnly; SameSite=Strict; Max-Age=31536000$/,
      ),
    ]);
    expect(cookies.join()).not.toContain(body.token);
  });

  test('a cookie alone may read; a token alone may do nothing', async () => {
    const { session, token, headers } = await signedIn();
    expect(await change({ cookie: session })).toBe('sign-in-required');
    expect(await run({ cookie: session })).toBe('sign-in-required');
    expect(await change({ 'x-csrf-token': token })).toBe('sign-in-required');
    expect(await change(headers)).toBe('passed');
    expect(accessOf(new Headers({ host: HOST, cookie: session }))).toMatchObject({
      mode: 'password',
      signedIn: true,
      role: 'operator',
    });
  });

  test('a new sign-in from the same page ends the previous session', async () => {
    const before = await signedIn();
    await signedIn('right', before.headers);
    expect(await change(before.headers)).toBe('sign-in-required');
  });

  test('a session ends at a restart, but the browser stays known', async () => {
    const { headers, device } = await signedIn();
    restart();
    expect(await change(headers)).toBe('sign-in-required');
    for (let i = 0; i < 20; i++) await signIn('wrong');
    expect(await kindOf(await signIn('right'))).toBe('too-many-tries');
    expect((await signIn('right', { cookie: device })).status).toBe(200);
  });

  test('over https sets Secure cookies with their own name', async () => {
    vi.stubEnv('DASHBOARD_ORIGIN', 'https://ctrl:3000');
    const secure = await signIn('right', { origin: 'https://ctrl:3000' });
    for (const cookie of secure.headers.getSetCookie()) {
      expect(cookie).toMatch(/^__Host-clusterhat-(session|device)-3000=.*; Secure$/);
    }
    const plain = await signIn('right', { origin: 'http://ctrl:3000' });
    expect(plain.headers.getSetCookie().join()).not.toMatch(/__Host-|Secure/);
    vi.stubEnv('DASHBOARD_ORIGIN', '');
    const { session, headers } = await signedIn('right', { origin: 'https://ctrl:3000' });
    expect(session).toMatch(/^__Host-/);
    expect(await change(headers)).toBe('passed');
    const [removed] = (await DELETE(ask(headers, 'DELETE'))).headers.getSetCookie();
    expect(removed).toMatch(/^__Host-clusterhat-session-3000=; .*Max-Age=0; Secure$/);
  });
});

describe('signing out', () => {
  test('ends the session on the server', async () => {
    const { headers, session } = await signedIn();
    const { ended } = callerOf(new Headers({ host: HOST, cookie: session }));
    const response = await DELETE(ask(headers, 'DELETE'));
    expect(response.status).toBe(204);
    expect(response.headers.getSetCookie()).toEqual([
      'clusterhat-session-3000=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0',
    ]);
    expect(ended?.aborted).toBe(true);
    expect(await change(headers)).toBe('sign-in-required');
    expect(accessOf(new Headers({ host: HOST, cookie: session })).signedIn).toBe(false);
  });

  test('requires the token unless the request comes from our page, because other ports receive the cookie too', async () => {
    const { headers, session } = await signedIn();
    for (const token of ['', 'x', session]) {
      await DELETE(ask({ cookie: session, 'x-csrf-token': token }, 'DELETE'));
    }
    expect(await change(headers)).toBe('passed');
  });
});

describe('a session whose cookie another port has overwritten', () => {
  const junk = `clusterhat-session-3000=${'j'.repeat(43)}`;

  test.each([
    ['signing out', (headers: Headings) => DELETE(ask(headers, 'DELETE'))],
    ['signing in again', (headers: Headings) => signIn('right', headers)],
  ])('is ended by %s with its token', async (_, end) => {
    for (const cookie of [junk, (await signedIn('guests')).session]) {
      const { token, session } = await signedIn();
      await end({ cookie, 'x-csrf-token': token });
      expect(callerOf(new Headers({ host: HOST, cookie: session })).session).toBeNull();
      expect(await change({ cookie: session, 'x-csrf-token': token })).toBe('sign-in-required');
    }
  });

  test('is not ended by a wrong password', async () => {
    const { token, headers } = await signedIn();
    await signIn('wrong', { 'x-csrf-token': token });
    expect(await change(headers)).toBe('passed');
  });
});

describe('a browser that has lost its token', () => {
  test.each<[string, Headings]>([
    ['Origin', { origin: `http://${HOST}` }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }],
  ])('signs out with its cookie when %s shows our page', async (_, page) => {
    const { session } = await signedIn();
    const other = await signedIn();
    const response = await DELETE(ask({ cookie: session, ...page }, 'DELETE'));
    expect(response.headers.getSetCookie()).toHaveLength(1);
    expect(callerOf(new Headers({ host: HOST, cookie: session })).session).toBeNull();
    expect(await change(other.headers)).toBe('passed');
  });
});

describe('tossed cookies', () => {
  test('fifty cookies of the same name, junk and broken encodings have no effect', async () => {
    const { session, token } = await signedIn();
    const junk = Array.from({ length: 50 }, (_, i) => `clusterhat-session-3000=${i}%ZZ%"\u00ff`);
    const long = `clusterhat-session-3000=${'a'.repeat(8000)}`;
    for (const cookie of [
      [...junk, session].join('; '),
      [session, ...junk].join(';'),
      [long, '=', ';;', session].join('; '),
    ]) {
      expect(await change({ cookie, 'x-csrf-token': token })).toBe('passed');
    }
  });

  test('never change the role', async () => {
    const own = await signedIn();
    const guest = await signedIn('guests');
    const other = await signedIn();
    const value = (cookie: string) => cookie.slice(cookie.indexOf('=') + 1);
    const tossed = fc.oneof(
      fc.constantFrom(value(guest.session), value(other.session), value(own.session), ''),
      fc.string().map(encodeURIComponent),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(tossed), fc.array(tossed), async (before, after) => {
        const named = (values: string[]) => values.map((one) => `clusterhat-session-3000=${one}`);
        const cookie = [...named(before), own.session, ...named(after)].join('; ');
        const headers = new Headers({ host: HOST, cookie, 'x-csrf-token': own.token });
        expect(callerOf(headers)).toMatchObject({ role: 'operator', proven: true });
        expect(callerOf(headers).session).toBe(
          callerOf(new Headers({ host: HOST, ...own.headers })).session,
        );
        const without = new Headers({ host: HOST, cookie });
        expect(callerOf(without)).toMatchObject({ role: 'operator', proven: false });
      }),
    );
  });

  test('a guest’s cookie tossed at a browser without a session grants nothing', async () => {
    const { session } = await signedIn('guests');
    expect(await run({ cookie: session })).toBe('sign-in-required');
  });
});

describe('guests', () => {
  test('may fire requests and nothing else', async () => {
    const { headers, role } = await signedIn('guests');
    expect(role).toBe('guest');
    expect(await run(headers)).toBe('passed');
    expect(await change(headers)).toBe('operator-required');
  });
});

describe('wrong passwords', () => {
  const from = (client: string) => ({ 'x-clusterhat-client': client });

  test('delay only their sender, for Retry-After', async () => {
    for (let i = 0; i < 10; i++) {
      expect(await kindOf(await signIn('wrong', from('10.0.0.1')))).toBe('wrong-password');
      vi.advanceTimersByTime(1000);
    }
    const refused = await signIn('right', from('10.0.0.1'));
    expect(refused.status).toBe(429);
    const seconds = Number(refused.headers.get('retry-after'));
    expect(problemSchema.parse(await refused.json()).next).toContain(`${seconds} seconds`);
    expect((await signIn('right', from('10.0.0.2'))).status).toBe(200);
    vi.advanceTimersByTime(seconds * 1000 - 1);
    expect((await signIn('right', from('10.0.0.1'))).status).toBe(429);
    vi.advanceTimersByTime(1);
    expect((await signIn('right', from('10.0.0.1'))).status).toBe(200);
  });

  test('are limited to ten at the same time, for both ways to sign in', async () => {
    const answers = await Promise.all([
      ...Array.from({ length: 50 }, async () => kindOf(await signIn('wrong'))),
      ...Array.from({ length: 50 }, () => change(basic('wrong'))),
      ...Array.from({ length: 50 }, () => change({ authorization: 'Bearer wrong' })),
    ]);
    expect(answers.filter((kind) => kind === 'wrong-password')).toHaveLength(10);
    expect(answers.filter((kind) => kind === 'too-many-tries')).toHaveLength(140);
  });

  test('are counted once each, for both ways to sign in', async () => {
    resetCounters();
    await signedIn();
    await change(basic('right'));
    for (let i = 0; i < 5; i++) await signIn('wrong');
    for (let i = 0; i < 5; i++) await change(basic('wrong'));
    await signIn('right');
    const counted = [...counters().signIns.values()];
    expect(Object.fromEntries(counted.map((one) => [one.labels['outcome'], one.value]))).toEqual({
      right: 1,
      wrong: 10,
      wait: 1,
    });
  });

  test('do not block a token or a signed-in page', async () => {
    const { headers } = await signedIn();
    for (let i = 0; i < 20; i++) await signIn('wrong');
    expect(await change({ authorization: `Bearer ${TOKEN}` })).toBe('passed');
    expect(await change(headers)).toBe('passed');
  });
});

describe('Authorization', () => {
  test('accepts both passwords and both tokens, each with its role', async () => {
    const asked = async (headers: Headings) => [await change(headers), await run(headers)];
    expect(await asked(basic('right'))).toEqual(['passed', 'passed']);
    expect(await asked(basic('guests'))).toEqual(['operator-required', 'passed']);
    expect(await asked({ authorization: `bearer ${TOKEN}` })).toEqual(['passed', 'passed']);
    expect(await asked({ authorization: `BEARER ${READ_TOKEN}` })).toEqual([
      'operator-required',
      'operator-required',
    ]);
    expect(await change({ authorization: `Bearer ${TOKEN}x` })).toBe('wrong-password');
  });

  test.each<[string, Headings]>([
    ['an Origin', { origin: `http://${HOST}` }],
    ['a Referer', { referer: `http://${HOST}/` }],
    ['Sec-Fetch-Site', { 'sec-fetch-site': 'same-origin' }],
    ['a browser’s name', { 'user-agent': 'Mozilla/5.0' }],
  ])('Basic with %s is a proxy’s and is not counted', async (_, headers) => {
    for (let i = 0; i < 30; i++) {
      expect(await change({ ...basic('the proxy’s'), ...headers })).toBe('sign-in-required');
    }
    expect(await change(basic('right'))).toBe('passed');
  });

  test('a signed-in page keeps its session behind a proxy that sends its own password or token', async () => {
    const { headers } = await signedIn();
    const browser = { ...headers, origin: `http://${HOST}` };
    expect(await change({ ...browser, ...basic('the proxy’s') })).toBe('passed');
    expect(await change({ ...browser, authorization: 'Bearer proxys' })).toBe('passed');
    expect(await change({ ...browser, authorization: `Bearer ${READ_TOKEN}` })).toBe('passed');
  });

  test('accepts a program’s token beside a session cookie', async () => {
    const operator = await signedIn();
    const guest = await signedIn('guests');
    for (const { session } of [operator, guest]) {
      const sent = (token: string) => ({ cookie: session, authorization: `Bearer ${token}` });
      for (let i = 0; i < 20; i++) {
        expect(await change(sent(TOKEN))).toBe('passed');
        expect(await change(sent(READ_TOKEN))).toBe('operator-required');
      }
    }
    // None of them was counted as wrong.
    for (let i = 0; i < 10; i++) expect(await kindOf(await signIn('wrong'))).toBe('wrong-password');
  });

  test('a reading page stays signed in behind a proxy that sends its own token', async () => {
    const { session } = await signedIn();
    const headers = { cookie: session, referer: `http://${HOST}/`, host: HOST };
    for (const token of [TOKEN, READ_TOKEN]) {
      const sent = new Headers({ ...headers, authorization: `Bearer ${token}` });
      expect(accessOf(sent)).toMatchObject({ signedIn: true, role: 'operator' });
    }
  });

  test.each(['Digest x', 'Negotiate abc', 'Basic', 'Basic !!', `Basic ${'A'.repeat(20_000)}`])(
    '%s is ignored',
    async (authorization) => {
      for (let i = 0; i < 20; i++) expect(await change({ authorization })).toBe('sign-in-required');
    },
  );

  test('counts a request once, however often it is checked', async () => {
    for (let i = 0; i < 9; i++) {
      const request = ask(basic('wrong'));
      guardRun(request);
      guardChange(request);
      guardRead(request);
    }
    expect(await change(basic('right'))).toBe('passed');
  });
});

describe('reading', () => {
  test('is open to all, and a proxy’s password is not counted', async () => {
    for (let i = 0; i < 30; i++) expect(await read(basic('the proxy’s'))).toBe('passed');
    expect(await change(basic('right'))).toBe('passed');
  });

  test('can be restricted to signed-in visitors', async () => {
    vi.stubEnv('DASHBOARD_READ', 'signed-in');
    const { session } = await signedIn('guests');
    expect(await read({})).toBe('sign-in-required');
    expect(callerOf(new Headers({ host: HOST })).role).toBe('none');
    expect(await read({ cookie: session })).toBe('passed');
    expect(await read(basic('right'))).toBe('passed');
    expect(await read({ authorization: `Bearer ${READ_TOKEN}` })).toBe('passed');
    expect(await read(basic('wrong'))).toBe('wrong-password');
    const statuses = Array.from(
      { length: 30 },
      () => guardRead(ask(basic('wrong'), 'GET'))?.status,
    );
    expect(statuses.filter((status) => status === 401)).toHaveLength(9);
  });
});

describe('without a password', () => {
  beforeEach(() => {
    for (const name of ['PASSWORD', 'GUEST_PASSWORD', 'TOKEN', 'READ_TOKEN']) {
      vi.stubEnv(`DASHBOARD_${name}`, '');
    }
  });

  test('visitors from the network may only read, with any password', async () => {
    expect(await change({})).toBe('read-only');
    expect(await change(basic(''))).toBe('read-only');
    expect(await kindOf(await signIn('x'))).toBe('read-only');
    expect(await read({})).toBe('passed');
  });

  test('accepts a token', async () => {
    vi.stubEnv('DASHBOARD_TOKEN', TOKEN);
    expect(await change({ authorization: `Bearer ${TOKEN}` })).toBe('passed');
    expect(await change({})).toBe('read-only');
  });

  test('loopback is open unless a password or token is set', async () => {
    vi.stubEnv('HOSTNAME', '127.0.0.1');
    const host = { host: '127.0.0.1:3000' };
    expect(await change(host)).toBe('passed');
    expect(accessOf(new Headers(host))).toMatchObject({
      mode: 'open',
      signedIn: false,
      role: 'operator',
    });
    vi.stubEnv('DASHBOARD_TOKEN', TOKEN);
    expect(await change(host)).toBe('read-only');
  });
});

describe('the log', () => {
  const changes = () => vi.mocked(logChange).mock.calls.map(([{ action, role }]) => [action, role]);
  beforeEach(() => void vi.mocked(logChange).mockClear());

  test('has a line for a sign-out only if it ended a session', async () => {
    const { headers, session } = await signedIn('guests');
    await DELETE(ask({}, 'DELETE'));
    // Not from a page of ours, and without the token: the session stays.
    await DELETE(ask({ cookie: session }, 'DELETE'));
    await DELETE(ask(headers, 'DELETE'));
    await DELETE(ask(headers, 'DELETE'));
    expect(changes()).toEqual([
      ['sign in', 'guest'],
      ['sign out', 'guest'],
    ]);
  });

  test('checks no password just for the log', async () => {
    vi.stubEnv('DASHBOARD_READ', 'signed-in');
    resetCounters();
    await signIn('wrong', basic('wrong too'));
    await DELETE(ask(basic('wrong too'), 'DELETE'));
    expect([...counters().signIns.values()].map(({ value }) => value)).toEqual([1]);
  });
});
