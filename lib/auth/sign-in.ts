import { getSettings } from '../settings';
import type { Credentials } from './authorization';
import type { Refusal } from './guard';
import { same } from './same';
import type { SessionRole } from './sessions';

type Checked = { ok: true; role: SessionRole } | { ok: false; refusal: NonNullable<Refusal> };

/** Checks a password or an unknown token against the budget of its client. */
export function checkPassword(_headers: Headers, given: NonNullable<Credentials>): Checked {
  const { password, guestPassword } = getSettings();
  if (given.scheme === 'basic') {
    if (password !== null && same(given.password, password)) return { ok: true, role: 'operator' };
    if (guestPassword !== null && same(given.password, guestPassword))
      return { ok: true, role: 'guest' };
  }
  return { ok: false, refusal: { kind: 'wrong-password', detail: 'That is not the password.' } };
}
