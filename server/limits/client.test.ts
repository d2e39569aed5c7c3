import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseProxies } from '@/lib/settings/proxies';
import { clientAddress } from './client';

const NONE = parseProxies('');
const PROXY = parseProxies('10.0.0.1,172.18.0.0/16,fd00::1');

test.each([
  ['192.168.1.7', '192.168.1.7'],
  ['::ffff:192.168.1.7', '192.168.1.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
  ['fd00:1::2', 'fd00:1:0:0:0:0:0:2'],
  ['1::', '1:0:0:0::/64'],
  [undefined, 'unknown'],
])('counts a connection from %s as %s', (address, client) => {
  expect(clientAddress(address, undefined, NONE)).toBe(client);
});

test('ignores X-Forwarded-For unless the connection is from a trusted proxy', () => {
  expect(clientAddress('192.168.1.7', '203.0.113.9', PROXY)).toBe('192.168.1.7');
  expect(clientAddress('127.0.0.1', '203.0.113.9', NONE)).toBe('127.0.0.1');
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['6.6.6.6, 203.0.113.9', '203.0.113.9'],
  ['203.0.113.9, 172.18.4.4', '203.0.113.9'],
  ['6.6.6.6, 203.0.113.9,172.18.4.4 , 10.0.0.1', '203.0.113.9'],
  ['203.0.113.9:51234', '203.0.113.9'],
  ['"[2001:db8::7]:51234"', '2001:db8:0:0::/64'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['fe80::7%25eth0', 'fe80:0:0:0:0:0:0:7'],
])('behind a trusted proxy, %s is %s', (forwardedFor, client) => {
  expect(clientAddress('10.0.0.1', forwardedFor, PROXY)).toBe(client);
  expect(clientAddress('::ffff:10.0.0.1', forwardedFor, PROXY)).toBe(client);
});

test('counts each address of the server’s network separately', () => {
  const isOwn = (network: string) => network === '2001:db8:1:2';
  const client = (address: string) => clientAddress(address, undefined, NONE, isOwn);
  expect(client('2001:db8:1:2::9')).toBe('2001:db8:1:2:0:0:0:9');
  expect(client('2001:db8:1:3::9')).toBe('2001:db8:1:3::/64');
});

test('joins several headers into one list', () => {
  expect(clientAddress('10.0.0.1', ['6.6.6.6', '203.0.113.9'], PROXY)).toBe('203.0.113.9');
});

test.each(['', 'unknown', '_hidden', '203.0.113.9, evil', '999.1.1.1', '[::1', ',,'])(
  'behind a trusted proxy that names no address (%j) it is the proxy',
  (forwardedFor) => {
    expect(clientAddress('10.0.0.1', forwardedFor, PROXY)).toBe('10.0.0.1');
  },
);

test('property: a client’s own X-Forwarded-For has no effect', () => {
  fc.assert(
    fc.property(fc.string(), (spoofed) => {
      expect(clientAddress('10.0.0.1', `${spoofed}, 203.0.113.9`, PROXY)).toBe('203.0.113.9');
    }),
  );
});
