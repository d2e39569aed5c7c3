import { isIP } from 'node:net';
import { authenticate, type Caller } from '../auth';
import { getSettings } from '../settings';

/** Addresses that mean nothing outside their own network. */
const PRIVATE =
  /^(127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|::1$|f[cd][0-9a-f]{2}:|fe[89ab][0-9a-f]:)/i;

/**
 * Who sent a change, for the timeline: `operator at 192.168.1.7`. All who may read the timeline see it: where that is
 * anyone, an address of the internet is left out.
 */
export function whoOf(headers: Headers): string {
  return whoIs(authenticate(headers).caller, getSettings().read === 'anyone');
}

/** See `whoOf`. */
export function whoIs(
  { role, via, client }: Pick<Caller, 'role' | 'via' | 'client'>,
  open: boolean,
) {
  const address = client.replace(/^::ffff:/i, '');
  const shown = isIP(address) !== 0 && (!open || PRIVATE.test(address));
  const by = via === 'token' || via === 'password' ? `${role} (program)` : role;
  return shown ? `${by} at ${address}` : by;
}
