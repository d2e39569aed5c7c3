import { expect, test } from 'vitest';
import { parseOrigin } from '../settings/origin';
import { acceptedCookies, cookieKinds, cookieValues, setCookie } from './cookies';

const from = (headers: Record<string, string>) => new Headers(headers);
const PUBLIC = parseOrigin('https://swarm.home/a/b');

test.each([
  ['ctrl:3000', 'clusterhat-session-3000'],
  ['ctrl:8888', 'clusterhat-session-8888'],
  ['ctrl', 'clusterhat-session-80'],
  ['[::1]', 'clusterhat-session-80'],
  ['[::1]:3000', 'clusterhat-session-3000'],
  ['ctrl:3000;evil', 'clusterhat-session-80'],
  ['', 'clusterhat-session-80'],
])('at %s the session’s cookie is %s', (host, name) => {
  expect(cookieKinds(from({ host }), null).session).toEqual({ name, secure: false });
});

test('over https sets __Host- cookies, which no other port or path can set', () => {
  const { session, device } = cookieKinds(
    from({ host: '127.0.0.1:3000', origin: 'https://swarm.home' }),
    PUBLIC,
  );
  expect(session).toEqual({ name: '__Host-clusterhat-session-443+a+b', secure: true });
  expect(device.secure).toBe(true);
  expect(setCookie(session, 'x', 60)).toBe(
    '__Host-clusterhat-session-443+a+b=x; Path=/; HttpOnly; SameSite=Strict; Max-Age=60; Secure',
  );
});

test('over http sets a cookie without Secure, even if DASHBOARD_ORIGIN is https', () => {
  const headers = from({ host: 'ctrl:3000', origin: 'http://ctrl:3000' });
  const { session } = cookieKinds(headers, PUBLIC);
  expect(session).toEqual({ name: 'clusterhat-session-3000', secure: false });
  expect(setCookie(session, 'x', 60)).toBe(
    'clusterhat-session-3000=x; Path=/; HttpOnly; SameSite=Strict; Max-Age=60',
  );
});

test('over https sets Secure cookies without DASHBOARD_ORIGIN too', () => {
  const by = (host: string, origin: string) => cookieKinds(from({ host, origin }), null).session;
  expect(by('swarm.home', 'https://swarm.home')).toEqual({
    name: '__Host-clusterhat-session-443',
    secure: true,
  });
  expect(by('ctrl:8443', 'https://ctrl:8443').secure).toBe(true);
  expect(by('ctrl:3000', 'https://ctrl').secure).toBe(false);
});

test('a plain http public origin has no Secure cookies', () => {
  const origin = parseOrigin('http://ctrl:8080');
  const headers = from({ host: '127.0.0.1:3000', origin: 'http://ctrl:8080' });
  expect(cookieKinds(headers, origin).session).toEqual({
    name: 'clusterhat-session-8080',
    secure: false,
  });
});

test('recognizes later requests without Origin by any of its cookies', () => {
  const names = acceptedCookies(from({ host: 'ctrl:3000' }), PUBLIC).map(
    ({ session }) => session.name,
  );
  expect(names).toEqual([
    '__Host-clusterhat-session-443+a+b',
    '__Host-clusterhat-session-3000',
    'clusterhat-session-3000',
  ]);
});

test.each<[string, Record<string, string>]>([
  ['its Origin', { host: '127.0.0.1:3000', origin: 'https://swarm.home' }],
  ['its Referer', { host: '127.0.0.1:3000', referer: 'https://swarm.home/a/b/?rate=20' }],
  ['its host', { host: 'swarm.home' }],
  ['its host, from a link of plain http', { host: 'swarm.home', referer: 'http://swarm.home/' }],
])('ignores plain cookies when %s shows the https address', (_, sent) => {
  const kinds = acceptedCookies(from(sent), PUBLIC).flatMap((one) => [one.session, one.device]);
  expect(kinds[0]?.name).toBe('__Host-clusterhat-session-443+a+b');
  for (const kind of kinds) expect(kind).toMatchObject({ secure: true });
});

test.each(['origin', 'referer'])('ignores plain cookies by %s without DASHBOARD_ORIGIN', (name) => {
  const https = from({ host: 'ctrl:8443', [name]: 'https://ctrl:8443' });
  expect(acceptedCookies(https, null).map(({ session }) => session.secure)).toEqual([true]);
  for (const other of ['http://ctrl:8443', 'https://ctrl', 'https://ctrl:84433']) {
    const kinds = acceptedCookies(from({ host: 'ctrl:8443', [name]: other }), null);
    expect(kinds.map(({ session }) => session.secure)).toEqual([true, false]);
  }
});

test('sets Secure cookies for the https host without an Origin header', () => {
  expect(cookieKinds(from({ host: 'swarm.home' }), PUBLIC)).toEqual(
    cookieKinds(from({ host: '127.0.0.1:3000', origin: 'https://swarm.home' }), PUBLIC),
  );
});

test('finds every value of a cookie name', () => {
  const cookie = 'a=1; name=one;name=two; Name=no; xname=no; name =no; name; =; ; name=a=b%ZZ"';
  expect(cookieValues(from({ cookie }), 'name')).toEqual(['one', 'two', 'a=b%ZZ"']);
  expect(cookieValues(from({}), 'name')).toEqual([]);
});
