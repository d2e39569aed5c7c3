import { describe, expect, test } from 'vitest';
import { ask, post } from './support/raw';
import { changes, METHODS, ROUTES } from './support/routes';
import { sharedTarget, startTarget } from './support/server';
import { SECRETS, signIn } from './support/sign-in';

/** Nothing but a sign-in allows changes. */

const { DASHBOARD_PASSWORD: PASSWORD, DASHBOARD_GUEST_PASSWORD: GUESTS } = SECRETS;
const writes = changes().filter(({ need }) => need !== 'session');

/** Attempts without a sign-in. */
const PRETENCES: Record<string, Record<string, string>> = {
  nothing: {},
  'an empty cookie': { cookie: 'clusterhat-session=' },
  'a cookie of the first release': {
    cookie: 'clusterhat-session=9999999999999.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  },
  'an empty Bearer': { authorization: 'Bearer ' },
  'Bearer undefined': { authorization: 'Bearer undefined' },
  'Bearer null': { authorization: 'Bearer null' },
  'the reader’s token as a password': {
    authorization: `Basic ${btoa(`:${SECRETS.DASHBOARD_READ_TOKEN}`)}`,
  },
  'the password as a token': { authorization: `Bearer ${PASSWORD}` },
  'a proxy’s user': {
    'x-forwarded-user': 'admin',
    'remote-user': 'admin',
    'x-remote-user': 'admin',
  },
  'an address of loopback': {
    'x-forwarded-for': '127.0.0.1',
    'x-real-ip': '127.0.0.1',
    forwarded: 'for=127.0.0.1',
    'x-clusterhat-client': '127.0.0.1',
  },
  'Next’s own headers': {
    'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware',
    'x-middleware-rewrite': '/',
    'x-invoke-path': '/api/join-command',
    'x-matched-path': '/api/join-command',
    'x-now-route-matches': '1',
    'x-nextjs-data': '1',
  },
  'another method': { 'x-http-method-override': 'GET', 'x-http-method': 'GET' },
};

describe('with passwords', () => {
  const target = sharedTarget({ env: SECRETS });

  test.each(Object.entries(PRETENCES))('rejects changes with %s', async (_, pretence) => {
    const passed: string[] = [];
    for (const { path, method, body } of writes) {
      const { status, body: text } = await post(target().port, path, body ?? {}, {
        method,
        headers: pretence,
        // A separate client: some of these count as guesses.
        from: '127.0.0.2',
      });
      if (status !== 401 && status !== 429) passed.push(`${method} ${path}: ${status}`);
      expect(text).not.toContain('SWMTKN');
    }
    expect(passed).toEqual([]);
  });

  test('rejects methods that the route does not have', async () => {
    const { headers } = await signIn(target().port, PASSWORD);
    for (const { path, methods } of Object.values(ROUTES)) {
      for (const method of METHODS.filter((method) => !methods[method])) {
        const { status } = await ask(target().port, `${path}?_method=POST`, { method, headers });
        expect(status, `${method} ${path}`).toBe(405);
      }
    }
  });

  /** Whether these headers receive a join token. */
  async function may(headers: Record<string, string>): Promise<boolean> {
    const { status } = await ask(target().port, '/api/join-command', { method: 'POST', headers });
    expect([200, 401, 403]).toContain(status);
    return status === 200;
  }

  test('ignores a modified cookie', async () => {
    const { cookie, token, headers } = await signIn(target().port, PASSWORD);
    expect(await may(headers)).toBe(true);
    const at = cookie.indexOf('=') + 1;
    const [name, value] = [cookie.slice(0, at), cookie.slice(at).split(';')[0] ?? ''];
    const changed = Array.from(value, (char, n) => {
      const other = String.fromCharCode(char.charCodeAt(0) ^ 1);
      return value.slice(0, n) + (/[\w-]/.test(other) ? other : 'x') + value.slice(n + 1);
    });
    const cut = [value.slice(0, -1), value.slice(1), value.slice(0, 8), `${value}A`, `${value}=`];
    const others = ['', '*', 'true', '1', '{}', '__proto__', 'constructor', 'toString'];
    for (const forged of [
      ...changed,
      ...cut,
      ...others,
      value.toLowerCase(),
      value.toUpperCase(),
    ]) {
      if (forged === value) continue;
      const sent = { cookie: name + forged, 'x-csrf-token': token };
      expect(await may(sent), forged).toBe(false);
    }
  });

  test('rejects changes with the cookie alone, the token alone, or another session’s token', async () => {
    const mine = await signIn(target().port, PASSWORD);
    const guests = await signIn(target().port, GUESTS);
    const { cookie, token } = mine;
    expect(await may({ cookie })).toBe(false);
    expect(await may({ 'x-csrf-token': token })).toBe(false);
    for (const forged of [guests.token, token.slice(1), `${token}A`, '', 'undefined', cookie]) {
      expect(await may({ cookie, 'x-csrf-token': forged }), forged).toBe(false);
    }
    expect(await may({ cookie: guests.cookie, 'x-csrf-token': token })).toBe(false);
  });

  test('ignores a cookie under another name or of another port', async () => {
    const { cookie, token } = await signIn(target().port, PASSWORD);
    const value = /=([^;]+)/.exec(cookie)?.[1] ?? '';
    const names = [
      'clusterhat-session',
      'clusterhat-session-1',
      '__Host-clusterhat-session-443',
      'session',
    ];
    for (const name of names) {
      expect(await may({ cookie: `${name}=${value}`, 'x-csrf-token': token }), name).toBe(false);
    }
  });

  test('ignores tossed duplicates of the cookie', async () => {
    const { cookie, headers } = await signIn(target().port, PASSWORD);
    const at = cookie.indexOf('=') + 1;
    const tossed = `${cookie.slice(0, at)}tossed`;
    for (const cookies of [
      `${tossed}; ${cookie}`,
      `${cookie}; ${tossed}`,
      `${`${tossed}; `.repeat(30)}${cookie}`,
    ]) {
      expect(await may({ ...headers, cookie: cookies })).toBe(true);
    }
  });

  test('a session ends at sign-out, for every copy of its cookie', async () => {
    const { headers } = await signIn(target().port, PASSWORD);
    expect(await may(headers)).toBe(true);
    expect((await ask(target().port, '/api/session', { method: 'DELETE', headers })).status).toBe(
      204,
    );
    expect(await may(headers)).toBe(false);
  });

  test.each(['signing out', 'signing in again'])(
    'a session whose cookie was overwritten ends by %s, for who received the cookie',
    async (by) => {
      const { cookie, token, headers } = await signIn(target().port, PASSWORD);
      const overwritten = `${cookie.slice(0, cookie.indexOf('=') + 1)}${'j'.repeat(43)}`;
      const sent = { cookie: overwritten, 'x-csrf-token': token };
      if (by === 'signing in again') await signIn(target().port, PASSWORD, { headers: sent });
      else await ask(target().port, '/api/session', { method: 'DELETE', headers: sent });
      expect(await may(headers)).toBe(false);
      const { body } = await ask(target().port, '/api/session', { headers: { cookie } });
      expect(JSON.parse(body)).toMatchObject({ signedIn: false });
    },
  );

  test('a guest’s session never becomes an operator’s', async () => {
    const guest = await signIn(target().port, GUESTS);
    await signIn(target().port, PASSWORD, { headers: { cookie: guest.cookie } });
    expect(await may(guest.headers)).toBe(false);
  });
});

test('200 wrong passwords of one client do not lock out others', async () => {
  const { port } = await startTarget({ env: SECRETS });
  const statuses = new Set<number>();
  for (let n = 0; n < 200; n++) {
    const { status } = await post(
      port,
      '/api/session',
      { password: `guess ${n}` },
      { from: '127.0.0.2' },
    );
    statuses.add(status);
    if (n % 50 === 49) await signIn(port, PASSWORD, { from: '127.0.0.3' });
  }
  expect(statuses).toEqual(new Set([401, 429]));
});

test('rejects even the right password of a client over its budget, with Retry-After', async () => {
  const { port } = await startTarget({ env: SECRETS });
  const from = '127.0.0.2';
  for (let n = 0; n < 40; n++)
    await post(port, '/api/session', { password: `guess ${n}` }, { from });
  const { status, headers } = await post(port, '/api/session', { password: PASSWORD }, { from });
  expect(status).toBe(429);
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
});

test('counts wrong passwords by Basic', async () => {
  const { port } = await startTarget({ env: SECRETS });
  let right = 0;
  for (let n = 0; n < 60; n++) {
    const authorization = `${n % 2 ? 'Basic' : 'bAsIc'} ${btoa(`:${n === 59 ? PASSWORD : n}`)}`;
    const { status } = await ask(port, '/api/join-command', {
      method: 'POST',
      from: '127.0.0.2',
      headers: { authorization },
    });
    if (status === 200) right++;
  }
  expect(right).toBe(0);
});

test('does not count an outer proxy’s Basic from a browser', async () => {
  const { port } = await startTarget({ env: SECRETS });
  const browser = { 'sec-fetch-site': 'same-origin', origin: `http://127.0.0.1:${port}` };
  for (let n = 0; n < 50; n++) {
    const { status, body } = await ask(port, '/api/join-command', {
      method: 'POST',
      headers: { ...browser, authorization: `Basic ${btoa('me:outer')}` },
    });
    expect(status).toBe(401);
    expect(JSON.parse(body)).toMatchObject({ kind: 'sign-in-required' });
  }
  await signIn(port, PASSWORD, { headers: browser });
});

test('after all attacks nothing is changed and no secret is in the log', async () => {
  const target = await startTarget({ env: { ...SECRETS, LOG_LEVEL: 'debug' } });
  for (const pretence of Object.values(PRETENCES)) {
    for (const { path, method, body } of writes) {
      await post(target.port, path, body ?? {}, { method, headers: pretence, from: '127.0.0.2' });
    }
  }
  const { headers } = await signIn(target.port, PASSWORD);
  await ask(target.port, '/api/join-command', { method: 'POST', headers });
  for (const secret of [...Object.values(SECRETS), headers['x-csrf-token'] ?? '-', 'SWMTKN']) {
    expect(target.output()).not.toContain(secret);
  }
});
