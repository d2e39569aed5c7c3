import type { Access } from '../api';
import { getSettings } from '../settings';
import { refuseForeignHost, refuseOtherOrigin, type Asked, type Refusal } from './guard';
import { createSessions, SESSION_COOKIE, type Sessions } from './session';

export { SESSION_COOKIE, SESSION_MS } from './session';
export type { Refusal } from './guard';

const SESSIONS = Symbol.for('clusterhat.sessions');
const scope = globalThis as { [SESSIONS]?: Sessions };

/** The process's sessions, or null when no password is set. */
export function getSessions(): Sessions | null {
  const { password } = getSettings();
  if (password === null) return null;
  scope[SESSIONS] ??= createSessions(password);
  return scope[SESSIONS];
}

function cookie(headers: Headers, name: string): string | undefined {
  for (const pair of headers.get('cookie')?.split(';') ?? []) {
    const [key, value] = pair.trim().split('=');
    if (key === name) return value;
  }
  return undefined;
}

/** The password of `Authorization: Basic`, for programs: `curl -u :password`. */
function basicPassword(headers: Headers): string | null {
  const encoded = /^Basic ([A-Za-z0-9+/=]+)$/.exec(headers.get('authorization') ?? '')?.[1];
  if (!encoded) return null;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** What whoever sent these headers may do. */
export function accessOf(headers: Headers): Access {
  const sessions = getSessions();
  if (sessions)
    return { mode: 'password', signedIn: sessions.verify(cookie(headers, SESSION_COOKIE)) };
  return { mode: getSettings().loopbackOnly ? 'open' : 'read-only', signedIn: false };
}

/** Null when the request may read; otherwise why not. */
export function refuseRead(request: Asked): Refusal {
  return refuseForeignHost(request, getSettings().loopbackOnly);
}

/** Null when the request comes from the dashboard's own page or a program; otherwise why not. */
export function refuseForeign(request: Asked): Refusal {
  return refuseRead(request) ?? refuseOtherOrigin(request);
}

/** Null when the request may change things; otherwise why not. */
export function refuseChange(request: Asked): Refusal {
  const refusal = refuseForeign(request);
  if (refusal) return refusal;
  const access = accessOf(request.headers);
  if (access.mode === 'open' || access.signedIn) return null;
  if (access.mode === 'read-only') {
    return {
      kind: 'read-only',
      detail:
        'This dashboard is read-only: it can be reached over the network and has no password.',
      next: 'Set DASHBOARD_PASSWORD (or DASHBOARD_PASSWORD_FILE) and restart it.',
    };
  }
  const given = basicPassword(request.headers);
  if (given === null) {
    return {
      kind: 'sign-in-required',
      detail: 'Changes need a sign-in.',
      next: 'Sign in with the password.',
    };
  }
  return refusePassword(given);
}

/** Null when the password is right; otherwise why not. */
export function refusePassword(given: string): Refusal {
  const verdict = getSessions()?.check(given);
  if (verdict === 'right') return null;
  if (verdict === 'wait') {
    return {
      kind: 'too-many-tries',
      detail: 'Too many wrong passwords.',
      next: 'Wait a minute, then try again.',
    };
  }
  if (verdict === undefined) {
    return {
      kind: 'read-only',
      detail: 'No password is set, so nobody can sign in.',
      next: 'Set DASHBOARD_PASSWORD and restart the dashboard.',
    };
  }
  return { kind: 'wrong-password', detail: 'That is not the password.' };
}
