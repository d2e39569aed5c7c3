import type * as z from 'zod/mini';
import type { signedInSchema } from '../api';
import { countSignIn } from '../observe/counters';
import { getSettings } from '../settings';
import { callerOf, getSessions } from './caller';
import { clientOf } from './client';
import { acceptedCookies, cookieKinds, cookieValues, setCookie } from './cookies';
import { DEVICE_SECONDS } from './devices';
import type { Refusal } from './refusal';
import { AGE_MS } from './sessions';
import { checkPassword, getPasswords } from './sign-in';

/** How a sign-in ended: the body and the cookies of its answer, or why it was refused. */
export type SignedIn =
  | { ok: true; body: z.infer<typeof signedInSchema>; cookies: string[] }
  | { ok: false; refusal: NonNullable<Refusal> };

/** Starts a session for whoever sent these headers, when the password is right. */
export function signIn(headers: Headers, password: string): SignedIn {
  const checked = checkPassword(headers, { scheme: 'basic', password });
  if (!checked.ok) return checked;
  countSignIn('right');
  const before = callerOf(headers);
  if (before.session && before.proven) getSessions().end(before.session);
  const { id, token, session } = getSessions().start(checked.role, clientOf(headers));
  const cookies = cookieKinds(headers, getSettings().origin);
  return {
    ok: true,
    body: { token, role: session.role, expires: session.expires },
    cookies: [
      setCookie(cookies.session, id, AGE_MS / 1000),
      setCookie(cookies.device, getPasswords().deviceCookie(checked.role), DEVICE_SECONDS),
    ],
  };
}

/**
 * Ends the session whose token came with its cookie, and returns the cookies to remove. A cookie alone
 * ends nothing: a service on another port of this host receives it too, and may not sign people out.
 */
export function signOut(headers: Headers): string[] {
  const { session, proven } = callerOf(headers);
  if (session && proven) getSessions().end(session);
  return acceptedCookies(headers, getSettings().origin)
    .filter((kinds) => cookieValues(headers, kinds.session.name).length > 0)
    .map((kinds) => setCookie(kinds.session, '', 0));
}
