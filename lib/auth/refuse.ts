import { getSettings } from '../settings';
import { authenticate, accessMode, type Caller } from './caller';
import type { HeadersOnly, AccessRefusal } from './refusal';
import { isAtLeast, type Role } from './role';

/** Null when the request may read; otherwise why not. */
export function refuseRead(request: HeadersOnly): AccessRefusal {
  if (getSettings().read === 'anyone') return null;
  const { caller, refusal } = authenticate(request.headers);
  if (caller.role !== 'none') return null;
  return (
    refusal ?? {
      kind: 'sign-in-required',
      detail: 'This dashboard shows the swarm only to people who have signed in.',
      next: 'Sign in with the password.',
    }
  );
}

/** Null when the request may fire requests at services: an operator or a guest; otherwise why not. */
export function refuseRun(request: HeadersOnly): AccessRefusal {
  return refuseBelow('guest', request);
}

/** Null when the request may change the swarm: an operator; otherwise why not. */
export function refuseChange(request: HeadersOnly): AccessRefusal {
  return refuseBelow('operator', request);
}

/**
 * Null when the request may read logs: an operator, by a session's cookie alone as for other reading; otherwise why not.
 */
export function refuseLogs(request: HeadersOnly): AccessRefusal {
  return refuseSecrets(request, 'Logs can hold secrets, so only operators may read them.');
}

/** The same for a whole service, node or task, as the engine has it. */
export function refuseInspect(request: HeadersOnly): AccessRefusal {
  return refuseSecrets(
    request,
    'Environments and arguments can hold secrets, so only operators may read all that the engine has.',
  );
}

function refuseSecrets(request: HeadersOnly, detail: string): AccessRefusal {
  const { caller, refusal } = authenticate(request.headers);
  if (caller.role === 'operator') return null;
  if (refusal) return refusal;
  if (caller.session || caller.proven) {
    return {
      kind: 'operator-required',
      detail,
      next: 'Sign in with the password of DASHBOARD_PASSWORD.',
    };
  }
  if (accessMode(getSettings()) === 'read-only') return READ_ONLY;
  return {
    kind: 'sign-in-required',
    detail,
    next: 'Sign in with the password.',
  };
}

function refuseBelow(least: Role, { headers }: HeadersOnly): AccessRefusal {
  const { caller, refusal } = authenticate(headers);
  if (caller.proven && isAtLeast(caller.role, least)) return null;
  if (refusal) return refusal;
  if (caller.proven || (caller.session && !isAtLeast(caller.role, least))) return tooLow(caller);
  if (accessMode(getSettings()) === 'read-only') return READ_ONLY;
  return {
    kind: 'sign-in-required',
    detail: 'Changes need a sign-in.',
    next: 'Sign in with the password.',
  };
}

const READ_ONLY: AccessRefusal = {
  kind: 'read-only',
  detail:
    'This dashboard is read-only: it has no password, and can be reached over the network or was given the file of one that is empty.',
  next: 'Set DASHBOARD_PASSWORD, or write a password into the file of DASHBOARD_PASSWORD_FILE, and restart it.',
};

function tooLow({ role }: Caller): AccessRefusal {
  return {
    kind: 'operator-required',
    detail:
      role === 'guest'
        ? 'Guests may send requests to services, but not change the swarm.'
        : 'The token that was sent may only read.',
    next: 'Sign in with the password of DASHBOARD_PASSWORD.',
  };
}
