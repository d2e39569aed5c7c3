import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { FakeClock } from '@/tests/support/fake-clock';
import { closedPort, listen, until } from '@/tests/support/listener';
import { systemClock } from './clock';
import { tryAddresses, type TriedAddresses } from './try-addresses';

/** Sockets that the test connects and fails. */
function setUp(...addresses: string[]) {
  const clock = new FakeClock();
  const opened: string[] = [];
  const sockets = new Map<string, EventEmitter & { destroyed: boolean }>();
  const seen: TriedAddresses[] = [];
  const cancel = tryAddresses(
    addresses,
    8888,
    clock,
    (tried) => seen.push(tried),
    (address) => {
      opened.push(address);
      const socket = Object.assign(new EventEmitter(), {
        destroyed: false,
        destroy: () => (socket.destroyed = true),
      });
      sockets.set(address, socket);
      return socket as unknown as Socket;
    },
  );
  return {
    clock,
    opened,
    seen,
    cancel,
    accept: (address: string) => sockets.get(address)?.emit('connect'),
    fail: (address: string, code: string) =>
      sockets.get(address)?.emit('error', Object.assign(new Error(code), { code })),
    allClosed: () => [...sockets.values()].every(({ destroyed }) => destroyed),
  };
}

describe('tried addresses', () => {
  test('the first one that accepts is the only one that is tried', () => {
    const { clock, opened, seen, accept, allClosed } = setUp('a', 'b');
    clock.advance(200);
    accept('a');
    clock.advance(10_000);
    expect(opened).toEqual(['a']);
    expect(seen).toEqual([{ accepted: 'a', refused: [] }]);
    expect(allClosed()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('the next one is tried while the first is silent, and the first to accept wins', () => {
    const { clock, opened, seen, accept, allClosed } = setUp('a', 'b', 'c');
    clock.advance(249);
    expect(opened).toEqual(['a']);
    clock.advance(1);
    expect(opened).toEqual(['a', 'b']);
    accept('a');
    expect(seen).toEqual([{ accepted: 'a', refused: [] }]);
    accept('b');
    expect(seen).toHaveLength(1);
    expect(allClosed()).toBe(true);
    expect(clock.pending).toBe(0);
  });

  test('the next one is tried at once when one fails', () => {
    const { opened, fail, accept, seen } = setUp('a', 'b');
    fail('a', 'EHOSTUNREACH');
    expect(opened).toEqual(['a', 'b']);
    accept('b');
    expect(seen).toEqual([{ accepted: 'b', refused: [] }]);
  });

  test('all that fail are reported in bounded time, with those that refused', () => {
    const { clock, seen, fail } = setUp('a', 'b', 'c');
    fail('a', 'ECONNREFUSED');
    clock.advance(250);
    fail('c', 'ENETUNREACH');
    fail('c', 'ENETUNREACH');
    expect(seen).toEqual([]);
    clock.advance(1250);
    expect(seen).toEqual([{ accepted: null, refused: ['a'] }]);
    expect(clock.pending).toBe(0);
  });

  test('none at all fail at once', () => {
    expect(setUp().seen).toEqual([{ accepted: null, refused: [] }]);
  });

  test('no callback follows a cancel', () => {
    const { clock, seen, cancel, accept, fail, allClosed } = setUp('a', 'b');
    cancel();
    accept('a');
    fail('a', 'ECONNRESET');
    clock.advance(10_000);
    expect(seen).toEqual([]);
    expect(allClosed()).toBe(true);
  });
});

test('on real sockets: finds the address that listens', async () => {
  const listener = await listen(() => {});
  const seen: TriedAddresses[] = [];
  tryAddresses(['127.0.0.2', '127.0.0.1'], listener.port, systemClock, (tried) => seen.push(tried));
  await until(() => expect(seen).toEqual([{ accepted: '127.0.0.1', refused: ['127.0.0.2'] }]));
  const refusing: TriedAddresses[] = [];
  const done = (tried: TriedAddresses) => refusing.push(tried);
  tryAddresses(['127.0.0.1'], await closedPort(), systemClock, done);
  await until(() => expect(refusing).toEqual([{ accepted: null, refused: ['127.0.0.1'] }]));
});
