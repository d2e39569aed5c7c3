import { createHash, createHmac, scryptSync, timingSafeEqual } from 'node:crypto';

/** Name of the cookie that a signed-in browser carries. */
export const SESSION_COOKIE = 'clusterhat-session';
/** A sign-in lasts a week. */
export const SESSION_MS = 7 * 24 * 3600 * 1000;
/** Wrong passwords per minute, from everybody together, before the next must wait. */
const TRIES_PER_MINUTE = 10;

/** Compares without telling by its duration where two texts differ. */
function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Who may change things, by one password. Sessions survive a restart and end when the password changes. */
export interface Sessions {
  /** `wait`: too many wrong ones lately. */
  check(password: string): 'right' | 'wrong' | 'wait';
  /** A cookie value that `verify` accepts until `SESSION_MS` from now. */
  issue(): string;
  verify(cookie: string | undefined): boolean;
}

/** Sessions under `password`; `now` in ms is a parameter for tests. */
export function createSessions(password: string, now: () => number = Date.now): Sessions {
  // Slow on purpose: a stolen cookie should not make guessing the password cheap.
  const key = scryptSync(password, 'clusterhat session', 32);
  const sign = (text: string) => createHmac('sha256', key).update(text).digest('base64url');
  let wrong: number[] = [];
  return {
    check(given) {
      wrong = wrong.filter((at) => now() - at < 60_000);
      if (wrong.length >= TRIES_PER_MINUTE) return 'wait';
      if (same(given, password)) return 'right';
      wrong.push(now());
      return 'wrong';
    },
    issue() {
      const expires = String(now() + SESSION_MS);
      return `${expires}.${sign(expires)}`;
    },
    verify(cookie) {
      const [expires = '', signature = ''] = (cookie ?? '').split('.');
      return same(signature, sign(expires)) && Number(expires) > now();
    },
  };
}
