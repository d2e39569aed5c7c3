import type { IncomingMessage } from 'node:http';
import { knownRole } from '@/lib/auth/caller';

/**
 * Whether the session or the token of a request is an operator's, for limits only. A password in `Authorization` is not
 * checked, as that takes time and counts.
 */
export function isOperator({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const sent = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    if (typeof value === 'string') sent.set(name, value);
  }
  return knownRole(sent) === 'operator';
}
