import type { IncomingMessage } from 'node:http';
import { expect, test } from 'vitest';
import { parseOrigin } from '@/lib/settings/origin';
import { missing } from './missing';

const asked = (url: string, headers: Record<string, string> = {}) =>
  ({ url, headers: { host: 'Swarm.home:81', ...headers } }) as unknown as IncomingMessage;

test.each([
  ['/swarm', 'http://swarm.home:81/swarm'],
  ['/apps/swarm/', 'http://swarm.home:81/apps/swarm'],
  ['/swarm/?a=/b', 'http://swarm.home:81/swarm'],
  ['/swarm/api/live', 'http://swarm.home:81/swarm'],
  ['/swarm/_next/static/chunks/a.js', 'http://swarm.home:81/swarm'],
  ['/swarm/help', 'http://swarm.home:81/swarm'],
])('names the setting for a prefix that a proxy keeps: %s', (url, origin) => {
  const answer = missing(asked(url), null);
  expect(answer).toMatchObject({ status: 404, kind: 'not-found' });
  expect(answer.next?.endsWith(` DASHBOARD_ORIGIN=${origin}`)).toBe(true);
  expect(parseOrigin(origin).prefix).not.toBe('');
});

test('by https, and by the origin that is set', () => {
  expect(missing(asked('/x', { 'x-forwarded-proto': 'https' }), null).next).toContain('=https://');
  const next = missing(asked('/x'), parseOrigin('https://other.home')).next;
  expect(next).toContain('DASHBOARD_ORIGIN=https://other.home/x');
});

test.each([
  '/api/nothing',
  '/_next/static/a.js',
  '/favicon.ico',
  '/robots.txt',
  '/a/../b/',
  '/a%20b/',
  '/%22/',
  '/<b>/',
  `/${'x'.repeat(101)}/`,
])('names no setting for a path that cannot be a prefix: %s', (url) => {
  expect(missing(asked(url), null).next).toBeUndefined();
});

test('suggests no prefix when one is set', () => {
  expect(missing(asked('/x'), parseOrigin('https://swarm.home/swarm')).next).toBeUndefined();
});

test('repeats only a name and a port from Host', () => {
  expect(missing(asked('/x', { host: 'a"><b>' }), null).next).toContain('=http://swarm.home/x');
});
