import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { MAX_BODY, MAX_FORM_BODY, problemSchema } from '@/lib/api';
import { counters, resetCounters } from '@/lib/observe/counters';
import { parseSettings } from '@/lib/settings';
import { createGate } from './gate';

interface Answer {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/**
 * A gate under `environment`; what it hands on is answered with the request's headers as JSON, or `answersAfter` this
 * time (ms).
 */
async function gate(environment: Record<string, string> = {}, answersAfter = 0) {
  const settings = parseSettings({ HOME: '/nowhere', HOSTNAME: '127.0.0.1', ...environment });
  const server = createGate(
    async (request, response) => {
      if (answersAfter > 0) await new Promise((next) => setTimeout(next, answersAfter));
      response.end(JSON.stringify(request.headers));
    },
    settings,
    '127.0.0.1',
  ).listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return (lines: string[]): Promise<Answer> => ask(port, lines);
}

/** Sends lines as they are: a client library would mend some of them. */
async function ask(port: number, lines: string[]): Promise<Answer> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`);
  await once(socket, 'close');
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [status = '', ...headers] = head.split('\r\n');
  return {
    status: Number(status.split(' ')[1]),
    headers: new Map(
      headers.map((line) => {
        const at = line.indexOf(': ');
        return [line.slice(0, at).toLowerCase(), line.slice(at + 2)];
      }),
    ),
    body: body.join('\r\n\r\n'),
  };
}

const LOOPBACK = 'Host: 127.0.0.1';
const NETWORK = { HOSTNAME: '0.0.0.0' };

const kindOf = ({ body }: Answer) => problemSchema.parse(JSON.parse(body)).kind;

test('passes valid requests on, and rejects a foreign Host on every path', async () => {
  for (const environment of [{}, NETWORK, { ...NETWORK, DASHBOARD_PASSWORD: 'x' }]) {
    const send = await gate(environment);
    for (const path of [
      '/',
      '/help',
      '/healthz',
      '/icon.svg',
      '/api/swarm',
      '/_next/static/a.js',
    ]) {
      expect((await send([`GET ${path} HTTP/1.1`, LOOPBACK])).status).toBe(200);
      const refused = await send([`GET ${path} HTTP/1.1`, 'Host: evil.example']);
      expect([refused.status, kindOf(refused)]).toEqual([403, 'unknown-host']);
    }
  }
});

test('a rejected Host comes with the line to copy', async () => {
  const send = await gate(NETWORK);
  const { body } = await send(['GET /api/swarm HTTP/1.1', 'Host: Swarm.Home:8080']);
  expect(problemSchema.parse(JSON.parse(body)).next).toMatch(
    / DASHBOARD_ORIGIN=http:\/\/swarm\.home:8080$/,
  );
});

test('shows a browser a refusal as a page with the escaped, shortened name', async () => {
  const send = await gate(NETWORK);
  const page = async (host: string) => {
    const { headers, body } = await send([
      'GET / HTTP/1.1',
      `Host: ${host}`,
      'Accept: text/html,*/*',
    ]);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    return body;
  };
  expect(await page('evil.example')).toContain('DASHBOARD_ORIGIN=http://evil.example<');
  const attack = await page(`<img src=x onerror=alert(1)>"'&$(reboot)${'x'.repeat(2000)}`);
  expect(attack).not.toMatch(/<img|\$\(|alert\(|x{100}/);
  expect(attack).not.toContain('DASHBOARD_ORIGIN');
});

test.each([
  ['two', ['Host: 127.0.0.1', 'Host: evil.example'], 400],
  ['two of the same', ['Host: 127.0.0.1', 'Host: 127.0.0.1'], 400],
  ['an empty', ['Host:'], 403],
  ['a list as', ['Host: 127.0.0.1, 127.0.0.1'], 403],
])('rejects %s Host', async (_, hosts, status) => {
  expect((await (await gate())(['GET /api/swarm HTTP/1.1', ...hosts])).status).toBe(status);
});

test('rejects a missing Host', async () => {
  expect((await (await gate())(['GET / HTTP/1.1'])).status).toBe(400);
  expect((await (await gate(NETWORK))(['GET / HTTP/1.0'])).status).toBe(403);
});

test('open mode: rejects proxy headers in any spelling and advises to set a password', async () => {
  const send = await gate();
  for (const line of [
    'X-Forwarded-For: 10.0.0.1',
    'FORWARDED: for=x',
    'via: 1.1 x',
    'X-rEaL-iP: 1',
  ]) {
    const refused = await send(['GET /healthz HTTP/1.1', LOOPBACK, line]);
    expect([refused.status, kindOf(refused)], line).toEqual([403, 'behind-proxy']);
    expect(refused.body).toContain('DASHBOARD_PASSWORD_FILE');
  }
  expect(kindOf(await send(['GET /api/swarm HTTP/1.0', LOOPBACK]))).toBe('behind-proxy');
});

test.each([{ DASHBOARD_PASSWORD: 'x' }, NETWORK])(
  'not open (%j): a proxy may stand in front',
  async (environment) => {
    const send = await gate(environment);
    expect((await send(['GET / HTTP/1.0', LOOPBACK, 'X-Forwarded-For: 10.0.0.1'])).status).toBe(
      200,
    );
  },
);

test('rejects a body above the API’s limit', async () => {
  const send = await gate();
  const announcing = (length: number) =>
    send(['POST /api/runs HTTP/1.1', LOOPBACK, `Content-Length: ${length}`]);
  const { status, body } = await announcing(10_001);
  expect(status).toBe(413);
  expect(body).toContain('longer than 10000 bytes');
});

test.each([
  ['POST /api/services', true],
  ['POST /api/services?dry-run', true],
  ['PATCH /api/services/goweb', true],
  ['PATCH /api/nodes/zero1', true],
  ['POST /api/services/goweb/scale', false],
  ['DELETE /api/services/goweb', false],
  ['GET /api/services/goweb', false],
  ['POST /api/session', false],
  ['POST /nowhere', false],
])('%s accepts a long form: %s', async (target, isForm) => {
  const send = await gate();
  const with413 = async (length: number) => {
    const body = 'x'.repeat(length);
    const { status } = await send([
      `${target} HTTP/1.1`,
      LOOPBACK,
      `Content-Length: ${length}`,
      `Connection: close\r\n\r\n${body}`,
    ]);
    return status === 413;
  };
  expect(await with413(MAX_BODY + 1)).toBe(!isForm);
  expect(await with413(MAX_FORM_BODY + 1)).toBe(true);
});

test('counts refusals by kind', async () => {
  resetCounters();
  const send = await gate();
  await send(['GET / HTTP/1.1', 'Host: evil.example']);
  await send(['POST /api/runs HTTP/1.1', LOOPBACK, 'Origin: null', 'Content-Length: 0']);
  // Refused before there is a request.
  await send(['GET / HTTP/1.1', LOOPBACK, `X: ${'x'.repeat(20_000)}`]);
  await send(['no HTTP']);
  const kinds = [...counters().refused.values()].map(({ labels, value }) => [
    labels['kind'],
    value,
  ]);
  expect(kinds).toEqual([
    ['unknown-host', 1],
    ['other-origin', 1],
    ['too-large', 1],
    ['bad-request', 1],
  ]);
});

const EVERYWHERE = [
  ['cross-origin-resource-policy', 'same-origin'],
  ['cross-origin-opener-policy', 'same-origin'],
  ['referrer-policy', 'same-origin'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
] as const;

test('sets the security headers on every answer, refusals included', async () => {
  const send = await gate();
  for (const path of ['/', '/nosuch', '/api/swarm', '/icon.svg', '/_next/static/a.js', '/healthz'])
    for (const host of [LOOPBACK, 'Host: localhost.evil.example']) {
      const { headers } = await send([`GET ${path} HTTP/1.1`, host]);
      for (const [name, value] of EVERYWHERE) {
        if (name === 'cross-origin-opener-policy' && host !== LOOPBACK) continue;
        expect(headers.get(name), `${name} of ${path}`).toBe(value);
      }
      expect(headers.get('permissions-policy')).toContain('camera=()');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect([headers.has('server'), headers.has('x-powered-by')]).toEqual([false, false]);
      expect(headers.has('strict-transport-security')).toBe(false);
    }
});

test('allows scripts only on pages, by a nonce that Next receives', async () => {
  const send = await gate();
  const nonces = new Set<string>();
  for (const path of ['/', '/', '/help', '/help']) {
    const { headers, body } = await send([`GET ${path} HTTP/1.1`, LOOPBACK]);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'self'; script-src 'self' 'nonce-[A-Za-z0-9+/=]{24}';/);
    expect(policy).not.toMatch(/script-src[^;]*unsafe|unsafe-eval|\*/);
    expect(JSON.parse(body)).toMatchObject({ 'content-security-policy': policy });
    expect(headers.get('cache-control')).toBe('no-store');
    nonces.add(policy);
  }
  expect(nonces.size).toBe(4);
  for (const path of ['/api/swarm', '/icon.svg', '/_next/static/a.js', '/healthz']) {
    const { headers, body } = await send([`GET ${path} HTTP/1.1`, LOOPBACK]);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';/);
    expect(JSON.parse(body)).not.toHaveProperty('content-security-policy');
  }
});

test('sets HSTS for an https DASHBOARD_ORIGIN, and no opener policy on plain http', async () => {
  const secure = await (
    await gate({ DASHBOARD_ORIGIN: 'https://swarm.home' })
  )(['GET / HTTP/1.1', 'Host: swarm.home']);
  expect(secure.headers.get('strict-transport-security')).toBe('max-age=31536000');
  expect(secure.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  const plain = await (await gate(NETWORK))(['GET / HTTP/1.1', 'Host: ctrl:3000']);
  expect(plain.headers.has('cross-origin-opener-policy')).toBe(false);
});

test('handles a prefix that the proxy keeps or strips', async () => {
  const send = await gate({ ...NETWORK, DASHBOARD_ORIGIN: 'https://swarm.home/swarm' });
  for (const path of ['/swarm/api/swarm', '/api/swarm'])
    expect(
      (
        await send([
          `GET ${path} HTTP/1.1`,
          'Host: swarm.home',
          'Sec-Fetch-Site: cross-site',
          'Sec-Fetch-Mode: navigate',
          'Sec-Fetch-Dest: document',
        ])
      ).status,
      path,
    ).toBe(403);
});

test('property: drops Next’s internal headers, in any spelling', async () => {
  const send = await gate();
  const name = fc.oneof(
    fc.constantFrom(
      'RSC',
      'Content-Security-Policy',
      'Content-Security-Policy-Report-Only',
      'x-nonce',
    ),
    fc
      .tuple(
        fc.constantFrom(
          'x-middleware',
          'X-Invoke',
          'x-nextjs',
          'Next',
          'x-next',
          'X-Now',
          'x-vercel',
        ),
        fc.stringMatching(/^[A-Za-z]{1,12}$/),
      )
      .map((parts) => parts.join('-')),
  );
  await fc.assert(
    fc.asyncProperty(name, async (header) => {
      const { status, body } = await send([
        'GET /api/swarm HTTP/1.1',
        LOOPBACK,
        `${header}: script-src 'nonce-evil'`,
      ]);
      return status === 200 && !body.includes('evil');
    }),
    { numRuns: 60 },
  );
});

test.each(['TRACE', 'PUT', 'PROPFIND'])(
  '%s is refused with the headers of every answer',
  async (method) => {
    const send = await gate();
    const answer = await send([`${method} / HTTP/1.1`, LOOPBACK]);
    expect([answer.status, kindOf(answer)]).toEqual([405, 'method-not-allowed']);
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST, PATCH, DELETE');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  },
);

test('200 changes at once all get their turn, from one client and from twenty', async () => {
  const send = await gate({ TRUSTED_PROXY: '127.0.0.1', ...NETWORK }, 10);
  for (const clients of [1, 20]) {
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, at) =>
        send([
          'PATCH /api/services/goweb HTTP/1.1',
          LOOPBACK,
          `X-Forwarded-For: 10.0.0.${at % clients}`,
          'Content-Type: application/json',
          'Content-Length: 0',
        ]),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  }
});
