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
  /** What grants the role; null: all visitors have it. */
  via: 'session' | 'password' | 'token' | null;
  session: Session | null;
  /** Aborts when the session ends: an open stream must end with it. */
  ended: AbortSignal | null;
  /** Whether the request may use its role: with a session's cookie alone it may only read. */
  proven: boolean;
}

const SESSIONS = Symbol.for('clusterhat.sessions');
const scope = globalThis as { [SESSIONS]?: Sessions };

/** The process's sessions; on `globalThis`, as pages and routes can get different instances of this module. */
export function getSessions(): Sessions {
  scope[SESSIONS] ??= createSessions();
  return scope[SESSIONS];
}

/** How the dashboard is protected: open on loopback, by a password, or read-only. */
export function accessMode(settings: Settings): Access['mode'] {
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

/** The role for the log, as far as it is known: checks no password. */
export function knownRole(headers: Headers): Role {
  const checked = verdicts.get(headers);
  return checked?.ok ? checked.role : withoutPassword(headers).role;
}

/** Results by request, so that a password is counted once per request. */
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
  if (accessMode(settings) === 'open') return { ...caller, role: 'operator', proven: true };
  const found = getSessions().find(sessionIds(headers), headers.get(TOKEN_HEADER));
  const byToken = roleOfToken(headers, settings);
  // A browser's token is sent by a proxy, so the session takes precedence; a program sends its token on purpose.
  const sessionCounts = found && (found.proven || isBrowser(headers));
  if (byToken && !(sessionCounts && isAtLeast(found.session.role, byToken))) {
    return acting(caller, byToken, 'token');
  }
  if (!found) return caller;
  const { session, proven } = found;
  return { ...caller, role: session.role, via: 'session', session, ended: session.ended, proven };
}

/**
 * The owners that a new stream of this request may be counted for, best first. A reader's request has no
 * token that distinguishes its own session from a cookie that another port has tossed at the browser, so any
 * of its sessions counts; when reading is open to all, also its address.
 */
export function streamOwners(headers: Headers): readonly unknown[] {
  const { session, client, proven } = callerOf(headers);
  if (session === null || proven) return [session ?? client];
  const sessions = getSessions().all(sessionIds(headers));
  return getSettings().read === 'anyone' ? [...sessions, client] : sessions;
}

/** The values of all session cookies in these headers. */
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
    mode: accessMode(settings),
    signedIn: session !== null,
    role: role === 'none' ? 'reader' : role,
    operators: settings.password !== null,
    closed: settings.read !== 'anyone',
  };
}
