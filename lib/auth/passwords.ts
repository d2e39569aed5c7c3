import { createDevices, type Devices } from './devices';
import { same } from './same';
import type { SessionRole } from './sessions';
import { createThrottle, type Throttle } from './throttle';

/** Result of a password check. `wait`: not checked; seconds until the next try. */
export type Verdict = SessionRole | 'wrong' | { wait: number };

/** Who tries a password. */
export interface Attempt {
  /** The client's address. */
  client: string;
  /** The values of its device cookies, unverified. */
  deviceCookies: readonly string[];
}

/** Checks passwords and counts wrong ones. */
export interface Passwords {
  /** Checks `given`; null is counted as wrong (an unknown token). */
  check(given: string | null, attempt: Attempt): Verdict;
  /** The device cookie of a browser that has just signed in as `role`. */
  deviceCookie(role: SessionRole): string;
}

/** The two passwords; null where one is not set. Clocks are parameters for tests. */
export function createPasswords(
  passwords: Record<SessionRole, string | null>,
  throttle: Throttle = createThrottle(),
  now: () => number = Date.now,
): Passwords {
  const known: Partial<Record<SessionRole, Devices>> = {};
  const devicesOf = (role: SessionRole): Devices | null => {
    const password = passwords[role];
    if (password === null) return null;
    known[role] ??= createDevices(password, now);
    return known[role];
  };

  /** The id of a known browser that is not over its own budget. */
  const deviceOf = (role: SessionRole, values: readonly string[]): string | null => {
    const devices = values.length > 0 ? devicesOf(role) : null;
    const ids = values.map((value) => devices?.idOf(value) ?? null);
    return ids.find((id) => id !== null && throttle.deviceWait(id) === 0) ?? null;
  };

  const is = (role: SessionRole, given: string | null) => {
    const password = passwords[role];
    return given !== null && password !== null && same(given, password);
  };

  return {
    // Synchronous from the budget check to counting: concurrent requests get no extra tries.
    check(given, { client, deviceCookies }) {
      const device = deviceOf('operator', deviceCookies);
      const wait = device === null ? throttle.clientWait(client) : 0;
      if (wait === 0) {
        if (is('operator', given)) return 'operator';
        if (is('guest', given)) return 'guest';
        if (device === null) throttle.countClient(client);
        else throttle.countDevice(device);
        return 'wrong';
      }
      // A guest's known browser has tries only at the guests' password.
      const guests = deviceOf('guest', deviceCookies);
      if (guests !== null) {
        if (is('guest', given)) return 'guest';
        throttle.countDevice(guests);
      }
      return { wait: Math.ceil(wait / 1000) };
    },
    deviceCookie: (role) => devicesOf(role)?.issue() ?? '',
  };
}
