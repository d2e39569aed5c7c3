import { beforeAll, describe, expect, test } from 'vitest';
import { ask, type RawReply } from './support/raw';
import {
  METHODS,
  ROUTES,
  routesOfApp,
  type RoutePermission,
  type Method,
  type Need,
} from './support/routes';
import { sharedTarget } from './support/server';
import { SECRETS, signIn } from './support/sign-in';

/** Rights of every role for every route and method, in every mode. */

type Role = 'visitor' | 'reader' | 'guest' | 'operator';

const RANK: Record<Role, number> = { visitor: 0, reader: 1, guest: 2, operator: 3 };
const NEEDS: Record<Need, number> = {
  nothing: 0,
  session: 0,
  read: 1,
  run: 2,
  logs: 3,
  change: 3,
};

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

interface Protection {
  name: string;
  env: Record<string, string>;
  /** The role without signing in. */
  withoutSignIn: Role;
  /** The status of a change without a session: 403 when there is no password to sign in with. */
  refused: number;
  roles: Role[];
}

const PROTECTIONS: Protection[] = [
  {
    name: 'open on loopback',
    env: {},
    withoutSignIn: 'operator',
    refused: 0,
    roles: ['visitor'],
  },
  {
    name: 'with passwords',
    env: SECRETS,
    withoutSignIn: 'reader',
    refused: 401,
    roles: ['visitor', 'reader', 'guest', 'operator'],
  },
  {
    name: 'closed to readers',
    env: { ...SECRETS, DASHBOARD_READ: 'signed-in' },
    withoutSignIn: 'visitor',
    refused: 401,
    roles: ['visitor', 'reader', 'guest', 'operator'],
  },
  {
    name: 'read-only on the network',
    env: { HOSTNAME: '0.0.0.0' },
    withoutSignIn: 'reader',
    refused: 403,
    roles: ['visitor'],
  },
];

/** The expected status of a call by `role`; a signed-in caller without sufficient rights receives 403. */
function expected(
  call: RoutePermission,
  role: Role,
  { withoutSignIn, refused }: Protection,
): number {
  const rank = Math.max(RANK[role], RANK[withoutSignIn]);
  if (rank >= NEEDS[call.need]) return call.status;
  return role === 'visitor' ? refused : 403;
}

test('the table has every route of app/ with its methods', () => {
  const table = Object.fromEntries(
    Object.entries(ROUTES).map(([route, { methods }]) => [
      route,
      METHODS.filter((method) => methods[method]),
    ]),
  );
  expect(routesOfApp()).toEqual(table);
});

describe.each(PROTECTIONS)('$name', (protection) => {
  const target = sharedTarget({ env: protection.env });
  const headersOf: Partial<Record<Role, () => Record<string, string>>> = {};

  beforeAll(async () => {
    const { port } = target();
    headersOf.visitor = () => ({});
    if (!protection.roles.includes('operator')) return;
    const operator = await signIn(port, SECRETS.DASHBOARD_PASSWORD);
    const guest = await signIn(port, SECRETS.DASHBOARD_GUEST_PASSWORD);
    headersOf.operator = () => operator.headers;
    headersOf.guest = () => guest.headers;
    headersOf.reader = () => bearer(SECRETS.DASHBOARD_READ_TOKEN);
  });

  /** The status of one call; a stream is read up to its head. */
  async function statusOf(path: string, method: string, role: Role, body?: unknown) {
    const headers = headersOf[role]?.() ?? {};
    const streams = path === '/api/live';
    const { status, body: text } = await ask(target().port, path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(streams ? { headOnly: true } : {}),
    });
    return { status, text };
  }

  test.each(protection.roles)('%s', async (role) => {
    const wrong: string[] = [];
    for (const { path, methods } of Object.values(ROUTES)) {
      for (const method of ['HEAD', ...METHODS, 'PROPFIND'] as const) {
        const call = methods[method === 'HEAD' ? 'GET' : (method as Method)];
        // In open mode there is no password to sign in with.
        const isSession = call?.need === 'session' && method === 'POST';
        const signsIn = protection.refused !== 401 && isSession;
        const should = call ? (signsIn ? 403 : expected(call, role, protection)) : 405;
        const { status } = await statusOf(path, method, role, call?.body);
        if (status !== should) wrong.push(`${method} ${path}: ${status}, not ${should}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test.each(protection.roles.filter((role) => role === 'operator'))(
    'the token of the %s may do what signing in as one may',
    async () => {
      const wrong: string[] = [];
      for (const { path, methods } of Object.values(ROUTES)) {
        for (const [method, call] of Object.entries(methods)) {
          if (path === '/api/live' || call.need === 'session') continue;
          const { status } = await ask(target().port, path, {
            method,
            headers: { ...bearer(SECRETS.DASHBOARD_TOKEN), 'content-type': 'application/json' },
            ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
          });
          if (status !== call.status) wrong.push(`${method} ${path}: ${status}`);
        }
      }
      expect(wrong).toEqual([]);
    },
  );

  test('no answer allows another site to read it', async () => {
    const replies: RawReply[] = [];
    for (const { path } of Object.values(ROUTES)) {
      for (const method of ['OPTIONS', 'HEAD']) {
        replies.push(
          await ask(target().port, path, {
            method,
            headers: {
              origin: 'http://evil.example',
              'access-control-request-method': 'POST',
              'access-control-request-headers': 'content-type',
            },
          }),
        );
      }
    }
    for (const { headers, status } of replies) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      expect(status).toBeLessThan(500);
    }
  });
});
