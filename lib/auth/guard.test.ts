import { describe, expect, test } from 'vitest';
import { refuseForeignHost, refuseOtherOrigin } from './guard';

const asked = (headers: Record<string, string>) => ({ headers: new Headers(headers) });

describe('where a request comes from', () => {
  test.each([
    [
      'the page itself',
      { host: 'ctrl:3000', origin: 'http://ctrl:3000', 'sec-fetch-site': 'same-origin' },
    ],
    ['the page on a plain http network', { host: 'ctrl:3000', origin: 'http://ctrl:3000' }],
    ['a program', { host: 'ctrl:3000' }],
    ['an address typed in', { host: 'ctrl:3000', 'sec-fetch-site': 'none' }],
  ])('%s may', (_, headers) => {
    expect(refuseOtherOrigin(asked(headers))).toBeNull();
  });

  test.each([
    ['another site', { host: 'ctrl:3000', origin: 'http://evil.example' }],
    ['another port', { host: 'ctrl:3000', origin: 'http://ctrl:8888' }],
    ['a sandboxed frame', { host: 'ctrl:3000', origin: 'null' }],
    ['another site, by the browser’s word', { host: 'ctrl:3000', 'sec-fetch-site': 'cross-site' }],
    ['another port, by the browser’s word', { host: 'ctrl:3000', 'sec-fetch-site': 'same-site' }],
    ['nonsense', { host: 'ctrl:3000', origin: 'ctrl:3000' }],
  ])('%s may not', (_, headers) => {
    expect(refuseOtherOrigin(asked(headers))?.kind).toBe('other-origin');
  });

  test.each(['localhost', 'localhost:3000', '127.0.0.1:3000', '127.0.77.1', '[::1]:3000'])(
    'on loopback the name %s is one',
    (host) => expect(refuseForeignHost(asked({ host }), true)).toBeNull(),
  );

  test.each([
    'evil.example',
    '127.0.0.1.evil.example',
    'localhost.evil.example:3000',
    '',
    '10.0.0.1',
  ])('on loopback the name %s is not', (host) =>
    expect(refuseForeignHost(asked({ host }), true)?.kind).toBe('other-origin'),
  );

  test('elsewhere any name will do: the password protects', () => {
    expect(refuseForeignHost(asked({ host: 'ctrl.local' }), false)).toBeNull();
  });
});
