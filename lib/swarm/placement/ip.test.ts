import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { networkContains, parseIp } from './ip';

test.each([
  ['127.0.0.1', '::ffff:127.0.0.1'],
  ['0.0.0.0', '::ffff:0:0'],
  ['fd00::1', 'FD00:0:0:0:0:0:0:1'],
  ['::', '0:0:0:0:0:0:0:0'],
  ['::1', '0::1'],
])('%s and %s are one address', (a, b) => {
  expect(parseIp(a)).not.toBeNull();
  expect(parseIp(a)).toEqual(parseIp(b));
});

test.each([
  '',
  'zero1',
  '1.2.3',
  '1.2.3.256',
  '01.2.3.4',
  '1::2::3',
  ':::',
  '12345::',
  '1:2:3:4:5:6:7:8:9',
  'fe80::1%eth0',
  '1.2.3.4::',
])('%s is no address', (text) => expect(parseIp(text)).toBeNull());

test('accepts what node:net accepts, zones and leading zeros aside', () => {
  const text = fc.oneof(
    fc.ipV4(),
    fc.ipV6(),
    fc.string({ unit: fc.constantFrom('0', '1', '2', 'a', 'f', ':', '.') }),
  );
  fc.assert(
    fc.property(text, (one) => {
      if (/(^|\.)0\d/.test(one)) return;
      expect(parseIp(one) !== null).toBe(isIP(one) !== 0);
    }),
  );
});

test.each([
  ['10.0.0.0/8', '10.255.0.1', true],
  ['10.0.0.0/8', '11.0.0.1', false],
  ['172.19.181.0/30', '172.19.181.4', false],
  ['0.0.0.0/0', '1.2.3.4', true],
  ['fd00::/8', 'fd12::1', true],
  ['::/0', '1.2.3.4', false],
  ['10.0.0.0/33', '10.0.0.1', null],
  ['10.0.0.0', '10.0.0.1', null],
  ['zero1/8', '10.0.0.1', null],
])('whether %s contains %s: %s', (network, address, contains) => {
  expect(networkContains(network, parseIp(address))).toBe(contains);
});
