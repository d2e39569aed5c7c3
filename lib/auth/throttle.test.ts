import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { clientAddress as addressOf } from '@/server/limits/client';
import { createThrottle, networkOf } from './throttle';

const clientAddress = (address: string) => addressOf(address, undefined, new BlockList());

function fixture() {
  const clock = { now: 0 };
  const throttle = createThrottle(() => clock.now);
  const wrong = (address: string, times = 1) => {
    for (let i = 0; i < times; i++) throttle.countClient(address);
  };
  return { clock, throttle, wrong };
}

test('ten wrong passwords in a minute make an address wait, and no other', () => {
  const { clock, throttle, wrong } = fixture();
  wrong('10.0.0.1', 9);
  expect(throttle.clientWait('10.0.0.1')).toBe(0);
  clock.now = 20_000;
  wrong('10.0.0.1');
  expect(throttle.clientWait('10.0.0.1')).toBe(40_000);
  expect(throttle.clientWait('10.0.0.2')).toBe(0);
});

test('the wait ends exactly when returned', () => {
  const { clock, throttle, wrong } = fixture();
  wrong('a', 10);
  clock.now = throttle.clientWait('a') - 1;
  expect(throttle.clientWait('a')).toBe(1);
  clock.now += 1;
  expect(throttle.clientWait('a')).toBe(0);
});

test('one client does not slow down the others', () => {
  const { clock, throttle, wrong } = fixture();
  for (let second = 0; second < 3600; second++) {
    clock.now += 1000;
    while (throttle.clientWait('a') === 0) wrong('a');
  }
  wrong('b', 9);
  expect(throttle.clientWait('b')).toBe(0);
});

test('while many addresses guess, each has three tries, then one a minute', () => {
  const { clock, throttle } = fixture();
  const addresses = Array.from({ length: 250 }, (_, i) => `10.0.0.${i}`);
  let tried = 0;
  const minutes = 120;
  for (let minute = 0; minute < minutes; minute++) {
    clock.now += 60_000;
    for (const address of addresses) {
      for (let i = 0; i < 20 && throttle.clientWait(address) === 0; i++) {
        throttle.countClient(address);
        tried += 1;
      }
    }
  }
  // 250 a minute, plus the tries before the limit applied, as an average over 120 minutes.
  expect(tried / minutes).toBeGreaterThan(240);
  expect(tried / minutes).toBeLessThan(260);
  // A new browser is still accepted.
  expect(throttle.clientWait('192.168.7.7')).toBe(0);
  clock.now += 600_000;
  expect(throttle.clientWait('10.0.0.1')).toBe(0);
});

test('a mistype during guesses from many addresses costs at most a minute', () => {
  const { clock, throttle, wrong } = fixture();
  for (let i = 0; i < 13; i++) wrong(`10.0.0.${i}`, 10);
  for (let i = 0; i < 3; i++) {
    expect(throttle.clientWait('192.168.0.9')).toBe(0);
    wrong('192.168.0.9');
  }
  for (let minute = 0; minute < 5; minute++) {
    expect(throttle.clientWait('192.168.0.9')).toBe(60_000);
    clock.now += 60_000;
    expect(throttle.clientWait('192.168.0.9')).toBe(0);
    wrong('192.168.0.9');
  }
});

test('while many guess, addresses of one link share the tries after their first three', () => {
  const { clock, throttle } = fixture();
  const addresses = Array.from({ length: 50 }, (_, n) => clientAddress(`fe80::${n + 1}`));
  let judged = 0;
  for (let second = 0; second < 1800; second++) {
    clock.now += 1000;
    for (const address of addresses) {
      if (throttle.clientWait(address) > 0) continue;
      throttle.countClient(address);
      judged++;
    }
  }
  // In ten minutes three for each address and ten a minute for all; 50 a minute if they shared nothing.
  expect(judged).toBeLessThanOrEqual(120 + 3 * (50 * 3 + 10 * 10));
});

test('a neighbour with many addresses does not lock out an address without wrong tries', () => {
  const { clock, throttle } = fixture();
  const owner = clientAddress('fe80::abcd:9');
  for (let second = 0; second < 1800; second++) {
    clock.now += 1000;
    for (let n = 1; n <= 13; n++) {
      const address = clientAddress(`fe80::${n}`);
      if (throttle.clientWait(address) === 0) throttle.countClient(address);
    }
    expect(throttle.clientWait(owner)).toBe(0);
  }
});

test('bounds the number of entries, and counted clients keep their count', () => {
  const { throttle, wrong } = fixture();
  wrong('192.168.0.9', 10);
  for (let i = 0; i < 200_000; i++) wrong(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(throttle.clientWait('192.168.0.9')).toBeGreaterThan(0);
  // A network without guesses is still free, with room for it.
  expect(throttle.clientWait('192.168.3.1')).toBe(0);
  // Each of these was counted by its own address or by its network, of which there are 782.
  expect(throttle.clientWait('10.2.200.77')).toBeGreaterThan(0);
});

test('removes expired entries', () => {
  const { clock, throttle, wrong } = fixture();
  for (let i = 0; i < 20_000; i++) wrong(`10.0.${i >> 8}.${i & 255}`);
  expect(throttle.clientWait('10.0.50.250')).toBeGreaterThan(0);
  clock.now += 601_000;
  wrong('10.0.50.250', 10);
  expect(throttle.clientWait('10.0.50.250')).toBeGreaterThan(0);
  expect(throttle.clientWait('10.0.50.251')).toBe(0);
});

test('a known browser has its own budget, with bounded memory', () => {
  const { clock, throttle, wrong } = fixture();
  for (let i = 0; i < 10; i++) throttle.countDevice('one');
  expect(throttle.deviceWait('one')).toBe(60_000);
  expect(throttle.deviceWait('other')).toBe(0);
  for (let i = 0; i < 1000; i++) wrong(`10.1.0.${i % 250}`);
  expect(throttle.deviceWait('other')).toBe(0);
  for (let i = 0; i < 1000; i++) throttle.countDevice(`device ${i}`);
  expect(throttle.deviceWait('one')).toBe(0);
  clock.now += 60_000;
  expect(throttle.deviceWait('device 999')).toBe(0);
});

test.each([
  ['192.168.1.7', '192.168.1.0/24'],
  ['2001:db8:1:2::/64', '2001:db8:1::/48'],
  ['0:0:0:0::/64', '0:0:0::/48'],
  ['unknown', 'unknown'],
])('the network of %s is %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test('a site with 65,536 IPv6 networks does not use up the budget of other sites', () => {
  const { throttle, wrong } = fixture();
  for (let i = 0; i < 65_536; i++) wrong(clientAddress(`2001:db8:0:${i.toString(16)}::1`));
  expect(throttle.clientWait(clientAddress('2001:db8:0:ffff::2'))).toBeGreaterThan(0);
  expect(throttle.clientWait(clientAddress('2001:db8:1:1::1'))).toBe(0);
});
