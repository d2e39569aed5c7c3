import { countSignIn } from '../observe/counters';
import { getSettings } from '../settings';
import type { Credentials } from './authorization';
import { clientOf } from './client';
import { acceptedCookies, cookieValues } from './cookies';
import type { AccessRefusal } from './refusal';
import { createPasswords, type Passwords } from './passwords';
import type { SessionRole } from './sessions';

/** The role of a password, or why it was refused. */
export type Checked =
  | { ok: true; role: SessionRole }
  | { ok: false; refusal: NonNullable<AccessRefusal> };

const PASSWORDS = Symbol.for('clusterhat.passwords');
const scope = globalThis as { [PASSWORDS]?: Passwords };

/** The process's passwords and the counts of wrong ones; one for all instances of this module. */
export function getPasswords(): Passwords {
  const { password, guestPassword } = getSettings();
  scope[PASSWORDS] ??= createPasswords({ operator: password, guest: guestPassword });
  return scope[PASSWORDS];
}

/** Checks a password, or a token that is not one of the dashboard's, against the budget of its sender. */
export function checkPassword(headers: Headers, given: NonNullable<Credentials>): Checked {
  const { origin, password, guestPassword } = getSettings();
  if (password === null && guestPassword === null && given.scheme === 'basic') return refused(NONE);
  const deviceCookies = acceptedCookies(headers, origin).flatMap(({ device }) =>
    cookieValues(headers, device.name),
  );
  const attempt = { client: clientOf(headers), deviceCookies };
  const secret = given.scheme === 'basic' ? given.password : null;
  const verdict = getPasswords().check(secret, attempt);
  if (verdict === 'operator' || verdict === 'guest') return { ok: true, role: verdict };
  countSignIn(verdict === 'wrong' ? 'wrong' : 'wait');
  if (verdict !== 'wrong') return refused(waiting(verdict.wait));
  return refused({
    kind: 'wrong-password',
    detail: given.scheme === 'basic' ? 'That is not the password.' : 'That is not a valid token.',
  });
}

const refused = (refusal: NonNullable<AccessRefusal>): Checked => ({ ok: false, refusal });

const NONE = {
  kind: 'read-only',
  detail: 'No password is set, so signing in is not possible.',
  next: 'Set DASHBOARD_PASSWORD and restart the dashboard.',
} as const;

function waiting(seconds: number): NonNullable<AccessRefusal> {
  return {
    kind: 'too-many-tries',
    detail: 'Too many wrong passwords.',
    next: `Wait ${seconds === 1 ? 'a second' : `${seconds} seconds`}, then try again.`,
    retryAfter: seconds,
  };
}
