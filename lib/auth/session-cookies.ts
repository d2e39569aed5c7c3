import type * as z from 'zod/mini';
import type { signedInSchema } from '../api';
import { countSignIn } from '../observe/counters';
import { getSettings } from '../settings';
import { getSessions, sessionIds } from './caller';
import { clientOf, TOKEN_HEADER } from './client';
import { acceptedCookies, cookieKinds, cookieValues, setCookie } from './cookies';
import { DEVICE_SECONDS } from './devices';
import type { AccessRefusal } from './refusal';
import { AGE_MS } from './sessions';
import { checkPassword, getPasswords } from './sign-in';

/** Result of a sign-in: the body and the cookies of its answer, or why it was refused. */
export type SignedIn =
  | { ok: true; body: z.infer<typeof signedInSchema>; cookies: string[] }
  | { ok: false; refusal: NonNullable<AccessRefusal> };

/** Starts a session for the sender of these headers when the password is right. */
export function signIn(headers: Headers, password: string): SignedIn {
  const checked = checkPassword(headers, { scheme: 'basic', password });
  if (!checked.ok) return checked;
  countSignIn('right');
  endSessionsOf(headers);
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

/** Ends the sessions of the page that sent these headers, and returns the cookies to remove. */
export function signOut(headers: Headers): string[] {
  endSessionsOf(headers);
  return acceptedCookies(headers, getSettings().origin)
    .filter((kinds) => cookieValues(headers, kinds.session.name).length > 0)
    .map((kinds) => setCookie(kinds.session, '', 0));
}

/**
 * Ends the session that the token belongs to, whatever cookie comes with it: another port of this host can
 * have overwritten the cookie, and would keep a session that its owner could not end. From a page of ours
 * also the sessions of the cookies, for a browser that has lost its token; the gate has refused the pages
 * of other origins (server/admission/origin.ts).
 */
function endSessionsOf(headers: Headers): void {
  const sessions = getSessions();
  const own = sessions.ofToken(headers.get(TOKEN_HEADER));
  if (own) sessions.end(own);
  const fromPage = headers.has('origin') || headers.get('sec-fetch-site') === 'same-origin';
  if (!fromPage) return;
  for (const session of sessions.all(sessionIds(headers))) sessions.end(session);
}
