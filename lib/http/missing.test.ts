import { expect, test } from 'vitest';
import { problemSchema } from '../api';
import { parseOrigin } from '../settings/origin';
import { missingResponse } from './missing';

const asked = (path: string, headers: Record<string, string> = {}) => ({
  url: `http://127.0.0.1:3000${path}`,
  headers: new Headers({ host: 'swarm.home', ...headers }),
});
const browser = { accept: 'text/html,*/*' };

test.each([
  ['/swarm', 'http://swarm.home/swarm'],
  ['/apps/swarm/', 'http://swarm.home/apps/swarm'],
  ['/swarm/api/live', 'http://swarm.home/swarm'],
  ['/swarm/_next/static/chunks/a.js', 'http://swarm.home/swarm'],
  ['/swarm/help', 'http://swarm.home/swarm'],
])('names the setting for a prefix that a proxy keeps: %s', async (path, origin) => {
  const answer = missingResponse(asked(path), null);
  expect(answer.status).toBe(404);
  const problem = problemSchema.parse(await answer.json());
  expect(problem).toMatchObject({ kind: 'not-found', detail: `There is no page at ${path}.` });
  expect(problem.next).toMatch(new RegExp(` DASHBOARD_ORIGIN=${origin}$`));
});

test('behind a proxy that speaks https, and by the origin that is set', async () => {
  const https = missingResponse(asked('/x', { 'x-forwarded-proto': 'https' }), null);
  expect(await https.text()).toContain('DASHBOARD_ORIGIN=https://swarm.home/x');
  const set = missingResponse(asked('/x'), parseOrigin('https://other.home'));
  expect(await set.text()).toContain('DASHBOARD_ORIGIN=https://other.home/x');
});

test.each(['/api/nothing', '/_next/static/a.js', '/a b/', '/%22/'])(
  'an address that is below no prefix names no setting: %s',
  async (path) => {
    expect(await missingResponse(asked(path), null).text()).not.toContain('DASHBOARD_ORIGIN');
  },
);

test('where a prefix is set already, another is not suggested', async () => {
  const answer = missingResponse(asked('/x'), parseOrigin('https://swarm.home/swarm'));
  expect(await answer.text()).not.toContain('DASHBOARD_ORIGIN');
});

test.each([
  ['/x', './'],
  ['/x/y/z', '../../'],
])('a browser gets a page that loads nothing and leads back: %s', async (path, back) => {
  const answer = missingResponse(asked(path, browser), null);
  expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const html = await answer.text();
  expect(html).toContain(`<a href="${back}">`);
  expect(html).not.toMatch(/<(script|link|style|img)|\son\w+=/);
});

test('nothing of the request becomes markup or an address', async () => {
  const nasty = asked(`/"><img src=x onerror='a'>`, { ...browser, host: 'a"><b>' });
  const html = await missingResponse(nasty, null).text();
  expect(html).not.toMatch(/<img|<b>/);
  expect(html).not.toContain('a">');
  const host = missingResponse(asked('/x', { ...browser, host: 'a"><b>' }), null);
  expect(await host.text()).toContain('DASHBOARD_ORIGIN=http://swarm.home/x');
});
