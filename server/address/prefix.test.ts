import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { innerUrl, redirectMoved, takePrefix } from './prefix';

const inner = (requested: string, prefix = '/swarm') => innerUrl(requested, prefix).url;

/** Where a request for `requested` is redirected to. */
function sentTo(requested: string, prefix = '/swarm'): string | null {
  const { location } = innerUrl(requested, prefix);
  if (location === null) return null;
  const { pathname, search } = new URL(location, `http://swarm.home${requested}`);
  return pathname + search;
}

test.each([
  ['/swarm/', '/'],
  ['/swarm/?board=1', '/?board=1'],
  ['/swarm/api/live', '/api/live'],
  ['/swarm/_next/static/chunks/a.js?v=/swarm', '/_next/static/chunks/a.js?v=/swarm'],
])('a proxy that keeps the prefix: %s is %s', (requested, expected) => {
  expect(inner(requested)).toBe(expected);
});

test.each(['/', '/?a', '/api/live', '/help', '/swarmed', '/x/swarm/y', '/api/runs/a%2Fb'])(
  'a proxy that strips the prefix: %s stays as it is',
  (requested) => {
    expect(inner(requested)).toBe(requested);
    expect(inner(requested, '')).toBe(requested);
  },
);

test('a prefix of several parts', () => {
  expect(inner('/a/b/help', '/a/b')).toBe('/help');
  expect(sentTo('/a/b?x=1', '/a/b')).toBe('/a/b/?x=1');
});

test('the prefix without its slash is sent to the page, with its query', () => {
  expect(innerUrl('/swarm?path=/a/', '/swarm')).toEqual({
    url: '/?path=/a/',
    location: './swarm/?path=/a/',
  });
  expect(sentTo('/swarm')).toBe('/swarm/');
});

test.each([
  ['/swarm/help/', '/swarm/help'],
  ['/swarm//', '/swarm/'],
  ['/swarm//api//live/?a', '/swarm/api/live?a'],
  ['/help/', '/help'],
  ['//', '/'],
  ['//evil.example', '/evil.example'],
  ['//evil.example/', '/evil.example'],
  ['/a///b/', '/a/b'],
])('redirects %s to %s', (requested, expected) => {
  expect(sentTo(requested)).toBe(expected);
});

test('redirects correctly below a stripped prefix', () => {
  const { location } = innerUrl('/help/', '');
  expect(new URL(location ?? '', 'http://h/far/away/help/').pathname).toBe('/far/away/help');
});

test('leaves `*` and absolute addresses to the server', () => {
  expect(inner('*')).toBe('*');
  expect(inner('http://x/swarm/')).toBe('http://x/swarm/');
});

const part = fc
  .stringMatching(/^[a-z:.\\@%0-9~-]{0,6}$/)
  .filter((text) => !/^((\.|%2e){1,2}|swarm)$/.test(text));

test('property: a redirect stays on the host, is followed once and keeps its meaning', () => {
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), fc.boolean(), (parts, kept) => {
      const requested = `${kept ? '/swarm' : ''}/${parts.join('/')}`;
      const { location } = innerUrl(requested, '/swarm');
      if (location === null) return;
      expect(location).toMatch(/^\.\//);
      // A base that the URL parser does not change: a request's path is never parsed as an address.
      const followed = new URL(
        location.replaceAll('\\', '%5C'),
        `http://h${requested.replaceAll('\\', '%5C')}`,
      );
      expect(followed.host).toBe('h');
      const again = innerUrl(followed.pathname, '/swarm');
      expect(again.location).toBeNull();
      const named = parts.filter((name) => name !== '').map((name) => name.replaceAll('\\', '%5C'));
      expect(again.url.split('/').filter((name) => name !== '')).toEqual(named);
    }),
  );
});

test('over HTTP: the handler sees the inner address, and a redirect leads to it', async () => {
  const server = createServer((request, response) => {
    takePrefix(request, '/swarm');
    if (!redirectMoved(request, response)) response.end(request.url);
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const answer = await fetch(`http://127.0.0.1:${port}/swarm//help/?a=b`);
  expect(await answer.text()).toBe('/help?a=b');
  expect(new URL(answer.url).pathname).toBe('/swarm/help');
  const asked = await fetch(`http://127.0.0.1:${port}/swarm`, {
    method: 'POST',
    redirect: 'manual',
  });
  expect([asked.status, asked.headers.get('location')]).toEqual([307, './swarm/']);
  const unknown = await fetch(`http://127.0.0.1:${port}/other/`, { redirect: 'manual' });
  expect(await unknown.text()).toBe('/other/');
});
