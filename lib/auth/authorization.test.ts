import fc from 'fast-check';
import { expect, test } from 'vitest';
import { credentialsOf, isBrowser } from './authorization';

const of = (authorization: string) => credentialsOf(new Headers({ authorization }));
const basic = (text: string) => Buffer.from(text).toString('base64');

test.each(['Basic', 'basic', 'BASIC', 'bAsIc'])('the scheme %s is Basic', (scheme) => {
  expect(of(`${scheme} ${basic(':pass')}`)).toEqual({ scheme: 'basic', password: 'pass' });
});

test.each(['Bearer', 'bearer', 'BEARER'])('the scheme %s is Bearer', (scheme) => {
  expect(of(`${scheme}  abc.DEF-_~+/=`)).toEqual({ scheme: 'bearer', token: 'abc.DEF-_~+/=' });
});

test('ignores the user name of Basic; the password may have colons and any characters', () => {
  expect(of(`Basic ${basic('me:a:b ü€')}`)).toEqual({ scheme: 'basic', password: 'a:b ü€' });
  expect(of(`Basic ${basic(':')}`)).toEqual({ scheme: 'basic', password: '' });
});

test.each([
  '',
  'Basic',
  'Basic ',
  'Basic !!!',
  `Basic ${basic('no colon')}`,
  'Basic a b',
  `Basic: ${basic(':x')}`,
  `Basic\t${basic(':x')}`,
  'Bearer',
  'Bearer a b',
  'Bearer ü',
  'Digest username="x"',
  'Negotiate abc=',
  `Basic ${'A'.repeat(9000)}`,
  `Basic ${basic(':x')}, Basic ${basic(':y')}`,
])('ignores %s', (authorization) => {
  expect(of(authorization)).toBeNull();
});

test('treats a password that is not UTF-8 as wrong', () => {
  const bytes = Buffer.from([0x3a, 0xff, 0xfe, 0x80]).toString('base64');
  expect(of(`Basic ${bytes}`)).toMatchObject({ scheme: 'basic' });
});

test('no header makes it throw', () => {
  const header = fc.uint8Array({ maxLength: 200 }).map((bytes) =>
    Buffer.from(bytes)
      .toString('latin1')
      .replaceAll(/[\0\r\n]/g, ''),
  );
  fc.assert(
    fc.property(header, fc.constantFrom('', 'Basic ', 'Bearer '), (text, scheme) => {
      of(`${scheme}${text}`);
    }),
  );
});

test.each([
  ['origin', 'http://ctrl:3000'],
  ['referer', 'http://ctrl:3000/'],
  ['sec-fetch-site', 'none'],
  ['sec-fetch-dest', 'document'],
  ['upgrade-insecure-requests', '1'],
  ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64)'],
])('a request with %s is a browser’s', (name, value) => {
  expect(isBrowser(new Headers({ [name]: value }))).toBe(true);
});

test('curl, Node’s fetch and PowerShell are programs', () => {
  expect(isBrowser(new Headers({ 'user-agent': 'curl/8.5.0', accept: '*/*' }))).toBe(false);
  expect(isBrowser(new Headers({ 'user-agent': 'node', 'sec-fetch-mode': 'cors' }))).toBe(false);
  const agent = 'Mozilla/5.0 (Windows NT 10.0; de-DE) PowerShell/7.4.1';
  expect(isBrowser(new Headers({ 'user-agent': agent }))).toBe(false);
});
