import type { Access } from '../api';
import { getSettings, isOpen, type Settings } from '../settings';
import { credentialsOf, isBrowser } from './authorization';
import { clientOf, TOKEN_HEADER } from './client';
import { acceptedCookies, cookieValues } from './cookies';
import type { AccessRefusal } from './refusal';
import { isAtLeast, type Role } from './role';
import { same } from './same';
import { createSessions, type Session, type Sessions } from './sessions';
import { checkPassword, type Checked } from './sign-in';

/** Who sent a request. */
export interface Caller {
  /** The client's address. */
  client: string;
  role: Role;
  /** What gave the role; null: everybody has it. */
  via: 'session' | 'password' | 'token' | null;
  session: Session | null;
  /** Aborts when the session ends, and with it the right to what the request still receives. */
  ended: AbortSignal | null;
  /** Whether the request may act by its role: a session's cookie alone may only read. */
  proven: boolean;
}

const SESSIONS = Symbol.for('clusterhat.sessions');
const scope = globalThis as { [SESSIONS]?: Sessions };

/** The process's sessions; pages and routes can get instances of their own of this module. */
export function getSessions(): Sessions {
  scope[SESSIONS] ??= createSessions();
  return scope[SESSIONS];
}

/** How the dashboard is protected: not at all on loopback, by a password, or by changing nothing. */
export function modeOf(settings: Settings): Access['mode'] {
  if (settings.password !== null || settings.guestPassword !== null) return 'password';
  return isOpen(settings) ? 'open' : 'read-only';
}

/**
 * Who sent these headers. A password in `Authorization` is checked, and counted when it is wrong, only
 * where reading needs one: see `authenticate`.
 */
export function callerOf(headers: Headers): Caller {
  return getSettings().read === 'anyone' ? withoutPassword(headers) : authenticate(headers).caller;
}

/** As `callerOf`, by the password in `Authorization` too; `refusal` is why that, or a token, was rejected. */
export function authenticate(headers: Headers): { caller: Caller; refusal: AccessRefusal } {
  const caller = withoutPassword(headers);
  if (caller.proven || isBrowser(headers)) return { caller, refusal: null };
  const checked = checkOnce(headers);
  if (!checked?.ok) return { caller, refusal: checked?.refusal ?? null };
  return { caller: acting(caller, checked.role, 'password'), refusal: null };
}

/** The role of these headers as far as it is known by now, for the log: no password is checked for it. */
export function knownRole(headers: Headers): Role {
  const checked = verdicts.get(headers);
  return checked?.ok ? checked.role : withoutPassword(headers).role;
}

/** Verdicts by request: one that is asked about twice counts once. */
const verdicts = new WeakMap<Headers, Checked>();

function checkOnce(headers: Headers): Checked | null {
  const before = verdicts.get(headers);
  if (before) return before;
  const credentials = credentialsOf(headers);
  if (credentials === null) return null;
  const checked = checkPassword(headers, credentials);
  verdicts.set(headers, checked);
  return checked;
}

function withoutPassword(headers: Headers): Caller {
  const settings = getSettings();
  const caller: Caller = {
    client: clientOf(headers),
    role: settings.read === 'anyone' ? 'reader' : 'none',
    via: null,
    session: null,
    ended: null,
    proven: false,
  };
  if (modeOf(settings) === 'open') return { ...caller, role: 'operator', proven: true };
  const found = getSessions().find(sessionIds(headers), headers.get(TOKEN_HEADER));
  const byToken = roleOfToken(headers, settings);
  // Of a browser the token is a proxy's, and gives way to who has signed in; of a program it is meant.
  const sessionCounts = found && (found.proven || isBrowser(headers));
  if (byToken && !(sessionCounts && isAtLeast(found.session.role, byToken))) {
    return acting(caller, byToken, 'token');
  }
  if (!found) return caller;
  const { session, proven } = found;
  return { ...caller, role: session.role, via: 'session', session, ended: session.ended, proven };
}

/**
 * Whose streams one more stream of this request may be counted as, best first. A reader's request has no
 * token that tells its own session from one that another port has tossed at the browser and filled with
 * streams, so any of them will do; and where reading is everybody's, the address.
 */
export function streamOwners(headers: Headers): readonly unknown[] {
  const { session, client, proven } = callerOf(headers);
  if (session === null || proven) return [session ?? client];
  const sessions = getSessions().all(sessionIds(headers));
  return getSettings().read === 'anyone' ? [...sessions, client] : sessions;
}

/** The values of all cookies by which these headers may have a session. */
export function sessionIds(headers: Headers): string[] {
  return acceptedCookies(headers, getSettings().origin).flatMap(({ session }) =>
    cookieValues(headers, session.name),
  );
}

function acting(caller: Caller, role: Role, via: Caller['via']): Caller {
  return { ...caller, role, via, session: null, ended: null, proven: true };
}

function roleOfToken(headers: Headers, { token, readToken }: Settings): Role | null {
  const credentials = credentialsOf(headers);
  if (credentials?.scheme !== 'bearer') return null;
  if (token !== null && same(credentials.token, token)) return 'operator';
  return readToken !== null && same(credentials.token, readToken) ? 'reader' : null;
}

/** The mode and the caller's role, for the page. */
export function accessOf(headers: Headers): Access {
  const settings = getSettings();
  const { role, session } = callerOf(headers);
  return {
    mode: modeOf(settings),
    signedIn: session !== null,
    role: role === 'none' ? 'reader' : role,
    operators: settings.password !== null,
    closed: settings.read !== 'anyone',
  };
}
