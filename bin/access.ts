import { isOpen, type Settings } from '@/lib/settings';

/** A line for the start message on who may change things; null when operators sign in. */
export function accessLine(settings: Settings): string | null {
  const { password, guestPassword, token, loopbackOnly, blankSecrets } = settings;
  if (isOpen(settings)) {
    return 'open: anyone on this machine may change the swarm; behind a proxy set a password (DASHBOARD_PASSWORD_FILE)';
  }
  if (password !== null) return null;
  const others = [
    ...(guestPassword === null ? [] : ['guests may fire requests']),
    ...(token === null ? [] : ['DASHBOARD_TOKEN may change the swarm']),
  ];
  if (others.length > 0) {
    return `no operator can sign in: no password is set (DASHBOARD_PASSWORD_FILE); ${others.join(', ')}`;
  }
  if (blankSecrets.length > 0) return `read-only: no secret in ${blankSecrets.join(', ')}`;
  const reached = loopbackOnly ? '' : 'can be reached over the network and ';
  return `read-only: it ${reached}has no password (DASHBOARD_PASSWORD_FILE)`;
}
