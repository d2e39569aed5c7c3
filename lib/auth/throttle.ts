import { isIPv4 } from 'node:net';

/** Maximum wrong passwords per time (ms). */
interface Budget {
  tries: number;
  ms: number;
}

/** Budget of one client or known browser. */
const CALM: Budget = { tries: 10, ms: 60_000 };
/**
 * Budget of one client while many guess; then one try a minute. An owner at a new browser waits at most a
 * minute, and 250 addresses have 250 guesses a minute instead of 2,500.
 */
const BRAKED: Budget = { tries: 3, ms: 600_000 };
const BRAKED_MORE: Budget = { tries: 1, ms: 60_000 };
/** Wrong passwords of all clients at which that smaller budget applies: more than one client can send. */
const BRAKE: Budget = { tries: 120, ms: 600_000 };
/** Maximum clients counted separately; further ones share their network's budget … */
const MOST_CLIENTS = 4096;
/** … and beyond this many entries all further networks share one. */
const MOST_ENTRIES = 6144;
const MOST_DEVICES = 1000;
const MOST_LINKS = 64;

/**
 * Counts wrong passwords by client address (as server/limits/client.ts returns it: of a foreign IPv6 /64
 * all are one), and separately for browsers that have signed in before.
 */
export interface Throttle {
  /** How long until this address may try a password (ms); 0: now. */
  clientWait(address: string): number;
  countClient(address: string): void;
  /** As `clientWait` for a known browser, independent of its address and of other clients. */
  deviceWait(id: string): number;
  countDevice(id: string): void;
}

/** Empty counts. `now` is monotonic, in ms. */
export function createThrottle(now: () => number = () => performance.now()): Throttle {
  const clients = new Map<string, number[]>();
  const links = new Map<string, number[]>();
  const devices = new Map<string, number[]>();
  let all: number[] = [];
  let swept = -Infinity;

  const wait = (times: number[] | undefined, { tries, ms }: Budget): number => {
    const earliest = times?.at(-tries);
    return earliest === undefined ? 0 : Math.max(0, earliest + ms - now());
  };

  /** Removes expired entries; at most once a second, because it checks all of them. */
  const sweep = () => {
    if (now() - swept < 1000) return;
    swept = now();
    for (const [key, times] of clients) {
      if ((times.at(-1) ?? 0) + BRAKED.ms <= now()) clients.delete(key);
    }
  };

  const keyOf = (address: string): string => {
    if (clients.size >= MOST_CLIENTS) sweep();
    if (clients.has(address) || clients.size < MOST_CLIENTS) return address;
    const network = networkOf(address);
    return clients.has(network) || clients.size < MOST_ENTRIES ? network : 'others';
  };

  const added = (times: number[] | undefined, most: number) =>
    [...(times ?? []), now()].slice(-most);

  return {
    clientWait(address) {
      const times = clients.get(keyOf(address));
      if (wait(all, BRAKE) === 0) return wait(times, CALM);
      // The first tries of an address are separate: a neighbour could lock it out of a shared budget.
      const more = Math.max(wait(times, BRAKED_MORE), wait(links.get(linkOf(address) ?? ''), CALM));
      return Math.min(wait(times, BRAKED), more);
    },
    countClient(address) {
      all = added(all, BRAKE.tries);
      const key = keyOf(address);
      clients.set(key, added(clients.get(key), CALM.tries));
      const link = linkOf(address);
      if (link === null) return;
      // A machine has few networks: more entries than that are not worth keeping.
      if (!links.has(link) && links.size >= MOST_LINKS) links.clear();
      links.set(link, added(links.get(link), CALM.tries));
    },
    deviceWait: (id) => wait(devices.get(id), CALM),
    countDevice(id) {
      const times = added(devices.get(id), CALM.tries);
      devices.delete(id);
      devices.set(id, times);
      for (const oldest of devices.keys()) {
        if (devices.size <= MOST_DEVICES) break;
        devices.delete(oldest);
      }
    },
  };
}

/**
 * The IPv6 /64 of an address on this machine's own network, where each address is counted separately; null
 * for all others. A machine there can have any number of addresses, so while many guess, they share the tries
 * after their first ones.
 */
function linkOf(address: string): string | null {
  return /^(?:[\da-f]{1,4}:){4}(?!:)/.exec(address)?.[0] ?? null;
}

/** The network around a client's address: a /24 around IPv4, a /48 around IPv6 (server/limits/client.ts). */
export function networkOf(address: string): string {
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  const [, site] = /^((?:[\da-f]{1,4}:){3})[\da-f]{1,4}:/.exec(address) ?? [];
  return site === undefined ? address : `${site}:/48`;
}
