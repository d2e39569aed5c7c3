import { expect, test } from 'vitest';
import { whoIs } from './who';

test.each([
  ['operator', null, '127.0.0.1', true, 'operator at 127.0.0.1'],
  ['operator', 'session', '192.168.1.7', true, 'operator at 192.168.1.7'],
  ['operator', 'session', '::ffff:10.0.0.2', true, 'operator at 10.0.0.2'],
  ['operator', 'session', 'fd00::1', true, 'operator at fd00::1'],
  ['operator', 'token', '172.16.0.9', true, 'operator (program) at 172.16.0.9'],
  // Where anyone may read the timeline, an address of the internet is nobody's business.
  ['operator', 'session', '203.0.113.9', true, 'operator'],
  ['operator', 'session', '2001:db8::1', true, 'operator'],
  ['operator', 'session', '172.32.0.1', true, 'operator'],
  ['operator', 'session', '203.0.113.9', false, 'operator at 203.0.113.9'],
  ['operator', 'session', 'unknown', true, 'operator'],
  ['operator', 'session', '10.0.0.1<b>', false, 'operator'],
] as const)('%s by %s from %s (reading open: %s): %s', (role, via, client, open, expected) => {
  expect(whoIs({ role, via, client }, open)).toBe(expected);
});
