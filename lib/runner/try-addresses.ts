import { connect, type Socket } from 'node:net';
import type { MonotonicClock } from './clock';

/** Wait before the next address is tried while the ones before it have not answered, in ms (RFC 8305, 5). */
const STAGGER_MS = 250;
/** How long each address may take, in ms. */
const TIMEOUT_MS = 1500;

/** What came of the addresses. */
export interface TriedAddresses {
  /** The first that accepted a connection; null: none did. */
  readonly accepted: string | null;
  /** Those that refused a connection: a machine has this address. */
  readonly refused: readonly string[];
}

/** Opens a TCP connection; the socket emits `connect` or `error`. */
export type OpenSocket = (address: string, port: number) => Socket;

const openSocket: OpenSocket = (address, port) => connect({ host: address, port });

/** The errors with which a machine itself turns a connection down. */
const REFUSALS = new Set(['ECONNREFUSED', 'ECONNRESET']);

/**
 * Tries TCP connections to numeric addresses, each a little after the one before it or as soon as that has failed, and
 * calls back once: when one accepts, or when all have failed. Nothing is sent. The returned function cancels it; no
 * callback follows.
 */
export function tryAddresses(
  addresses: readonly string[],
  port: number,
  clock: MonotonicClock,
  done: (tried: TriedAddresses) => void,
  open: OpenSocket = openSocket,
): () => void {
  const cancels = new Set<() => void>();
  const refused = new Set<string>();
  let next = 0;
  let pending = 0;
  let over = false;
  let cancelStagger = () => {};

  const close = () => {
    over = true;
    cancelStagger();
    for (const cancel of cancels) cancel();
  };
  const finish = (accepted: string | null) => {
    close();
    done({ accepted, refused: addresses.filter((address) => refused.has(address)) });
  };
  const tryNext = () => {
    cancelStagger();
    const address = addresses[next];
    if (address === undefined) {
      if (pending === 0) finish(null);
      return;
    }
    next += 1;
    pending += 1;
    tryOne(address);
    if (!over && next < addresses.length) cancelStagger = clock.after(STAGGER_MS, tryNext);
  };
  const tryOne = (address: string) => {
    const socket = open(address, port);
    const end = () => {
      cancelTimer();
      cancels.delete(end);
      socket.removeAllListeners('connect');
      socket.destroy();
    };
    const fail = () => {
      if (!cancels.has(end)) return;
      end();
      pending -= 1;
      tryNext();
    };
    const cancelTimer = clock.after(TIMEOUT_MS, fail);
    cancels.add(end);
    socket.once('connect', () => {
      if (!over) finish(address);
    });
    // Stays: a destroyed socket can still fail.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (REFUSALS.has(error.code ?? '')) refused.add(address);
      fail();
    });
  };

  tryNext();
  return close;
}
