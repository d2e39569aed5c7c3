import { describe, expect, test } from 'vitest';
import { parseSettings } from '@/lib/settings';
import { refuseOrigin } from './origin';

const { origin: SWARM_HOME } = parseSettings({
  HOME: '/nowhere',
  DASHBOARD_ORIGIN: 'https://swarm.home/path',
});

interface Case {
  method?: string;
  path?: string;
  own?: typeof SWARM_HOME;
  open?: boolean;
}

const ask = (
  headers: Record<string, string>,
  { method = 'GET', path = '/api/swarm', own = null, open = false }: Case = {},
) => refuseOrigin({ method, headers: { host: 'ctrl:3000', ...headers } }, path, own, open);

const NAVIGATION = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };

describe.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'GET', 'HEAD'])(
  '%s of the API',
  (method) => {
    test.each([
      ['a program', {}],
      ['the page', { origin: 'http://ctrl:3000', 'sec-fetch-site': 'same-origin' }],
      ['the page on a plain http network', { origin: 'http://ctrl:3000' }],
      ['the page behind a proxy for TLS', { host: 'swarm.lan', origin: 'https://swarm.lan' }],
      ['the page on the default port', { host: 'ctrl:80', origin: 'http://ctrl' }],
      ['the page, in capitals', { host: 'CTRL:3000', origin: 'HTTP://Ctrl:3000' }],
      ['an address typed in', { 'sec-fetch-site': 'none' }],
    ])('accepts %s', (_, headers) => {
      expect(ask(headers, { method })).toBeNull();
    });

    test.each([
      ['another site', { origin: 'http://evil.example' }],
      ['another port', { origin: 'http://ctrl:8888' }],
      ['another port, the default one', { origin: 'http://ctrl' }],
      ['a sandboxed frame', { origin: 'null' }],
      ['an empty origin', { origin: '' }],
      ['nonsense', { origin: 'ctrl:3000' }],
      ['an extension', { origin: 'chrome-extension://ctrl:3000' }],
      ['two origins', { origin: 'http://ctrl:3000, http://evil.example' }],
      ['an origin with a path', { origin: 'http://ctrl:3000/x' }],
      ['an origin with a user', { origin: 'http://ctrl:3000@evil.example' }],
      ['another site, by the browser’s word', { 'sec-fetch-site': 'cross-site' }],
      ['another port, by the browser’s word', { 'sec-fetch-site': 'same-site' }],
      ['a value that no browser sends', { 'sec-fetch-site': 'same-origin, same-origin' }],
      ['a link of another site', { 'sec-fetch-site': 'cross-site', ...NAVIGATION }],
      ['another site, by Referer alone', { referer: 'http://evil.example/x' }],
    ])('rejects %s', (_, headers) => {
      expect(ask(headers, { method })?.kind).toBe('other-origin');
    });
  },
);

test('accepts DASHBOARD_ORIGIN with any Host header', () => {
  const own = SWARM_HOME;
  const host = '127.0.0.1:3000';
  const of = (origin: string) => ask({ host, origin }, { method: 'POST', own });
  expect(of('https://swarm.home')).toBeNull();
  expect(of('http://127.0.0.1:3000')).toBeNull();
  for (const other of ['https://swarm.home:8443', 'https://xswarm.home'])
    expect(of(other)?.next, other).toContain(`DASHBOARD_ORIGIN=${other}`);
});

test('names the missing proxy setting with the line to copy', () => {
  // Bare nginx: Host is its upstream’s; `$host`: without the port.
  for (const host of ['127.0.0.1:3000', 'swarm.home']) {
    const refusal = ask({ host, origin: 'http://swarm.home:8080' }, { method: 'POST' });
    expect(refusal?.next).toContain('proxy_set_header Host $http_host;');
    expect(refusal?.next).toMatch(/ DASHBOARD_ORIGIN=http:\/\/swarm\.home:8080$/);
  }
  expect(ask({ origin: 'null' }, { method: 'POST' })?.next).toBeUndefined();
  expect(ask({ origin: 'http://x;reboot' }, { method: 'POST' })?.next).toBeUndefined();
});

describe('from a page of another site', () => {
  test.each(['/', '/help', '/nosuch'])('may link to %s', (path) => {
    for (const method of ['GET', 'HEAD'])
      for (const site of ['cross-site', 'same-site'])
        expect(ask({ 'sec-fetch-site': site, ...NAVIGATION }, { method, path })).toBeNull();
    expect(ask({ referer: 'http://elsewhere.example/' }, { path })).toBeNull();
  });

  test.each(['iframe', 'object', 'embed', 'frame', 'image', 'script', 'empty'])(
    '%s loads nothing',
    (dest) => {
      for (const path of [
        '/',
        '/help',
        '/icon.svg',
        '/healthz',
        '/_next/static/chunks/a.js',
        '/api/live',
      ])
        for (const mode of ['no-cors', 'cors', 'navigate'])
          for (const site of ['cross-site', 'same-site'])
            expect(
              ask(
                { 'sec-fetch-site': site, 'sec-fetch-mode': mode, 'sec-fetch-dest': dest },
                { path },
              )?.kind,
            ).toBe('other-origin');
    },
  );

  test('may not submit a form', () => {
    const form = { 'sec-fetch-site': 'cross-site', ...NAVIGATION, origin: 'http://evil.example' };
    for (const path of ['/', '/help']) expect(ask(form, { method: 'POST', path })).not.toBeNull();
  });

  test('may link to pages only', () => {
    for (const path of ['/api/swarm', '/icon.svg', '/metrics', '/_next/static/chunks/a.js'])
      expect(ask({ 'sec-fetch-site': 'cross-site', ...NAVIGATION }, { path })).not.toBeNull();
  });
});

test('open mode: rejects a page loaded under another name, even with the same origin', () => {
  const page = { host: '127.0.0.1:3000', referer: 'http://ctrl/', 'sec-fetch-site': 'same-origin' };
  expect(ask(page, { open: true })?.kind).toBe('other-origin');
  expect(ask(page, { open: false })).toBeNull();
  // The files of the page are public, and without them the page could not show why the rest is refused.
  expect(ask(page, { open: true, path: '/_next/static/chunks/a.js' })).toBeNull();
});

test.each(['http://swarm.home', 'http://swarm.home:8080', 'HTTP://Swarm.home:80'])(
  'names the https address to a page that was opened without TLS: %s',
  (origin) => {
    const refusal = ask({ host: 'swarm.home', origin }, { method: 'POST', own: SWARM_HOME });
    expect(refusal?.kind).toBe('other-origin');
    expect(refusal?.next).toContain('Open https://swarm.home/path/');
  },
);

test('the page also works by address and plain http beside an https DASHBOARD_ORIGIN', () => {
  const headers = { host: 'ctrl:3000', origin: 'http://ctrl:3000' };
  expect(ask(headers, { method: 'POST', own: SWARM_HOME })).toBeNull();
});
