import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from '@/lib/api';
import type { PublicOrigin } from '@/lib/settings';
import { missing } from './missing';
import { pathOf, queryOf } from './path';
import { findRoute, type Found } from './routes';
import type { TurnedAway } from '../answers/turn-away';

/** Maximum length of a target (characters); the page's own links with all settings have some hundred. */
const MAX_TARGET = 4096;

/** The methods that at least one address supports, besides OPTIONS. */
export const ALL = ['GET', 'HEAD', 'POST', 'PATCH', 'DELETE'] as const;

/** Finds the route of a request in origin form (see `toOriginForm`), or the reason to refuse it. */
export function findTarget(
  request: IncomingMessage,
  origin: PublicOrigin | null,
): Found | TurnedAway {
  const method = request.method ?? '';
  const target = request.url ?? '';
  if (target.length > MAX_TARGET) {
    return bad(414, `The address is longer than ${MAX_TARGET} characters.`);
  }
  if (/\bwebsocket\b/i.test(request.headers.upgrade ?? '')) {
    return bad(400, 'There are no WebSockets here.');
  }
  if (target === '*' && method === 'OPTIONS')
    return { kind: 'read', methods: ALL, maxBody: MAX_BODY };
  if (!target.startsWith('/')) return bad(400, 'The request names no path of this server.');
  const found = findRoute(pathOf(request), method, queryOf(request));
  if (!found) return missing(request, origin);
  if (found.methods.includes(method) || method === 'OPTIONS') return found;
  return {
    status: 405,
    kind: 'method-not-allowed',
    detail: `This address does not support ${method}.`,
    headers: { Allow: found.methods.join(', ') },
  };
}

function bad(status: number, detail: string): TurnedAway {
  return { status, kind: 'bad-request', detail };
}

/**
 * Makes `/path` of a target in absolute form, whose authority then counts instead of `Host` (RFC 9112,
 * 3.2.2). False when it is neither.
 */
export function toOriginForm(request: IncomingMessage): boolean {
  const target = request.url ?? '';
  if (target.startsWith('/')) return true;
  const [, host, rest] = /^https?:\/\/([^/?#@]+)([/?].*)?$/i.exec(target) ?? [];
  if (host === undefined) return false;
  request.headers.host = host;
  request.headersDistinct['host'] = [host];
  request.url = rest === undefined ? '/' : rest.replace(/^\?/, '/?');
  return true;
}

/** The refusal of a method that no address supports; null for any other method. */
export function refuseMethod({ method = '' }: IncomingMessage): TurnedAway | null {
  if (method === 'OPTIONS' || ALL.some((one) => one === method)) return null;
  return {
    status: 405,
    kind: 'method-not-allowed',
    detail: `The dashboard does not support the method ${method}.`,
    headers: { Allow: ALL.join(', ') },
  };
}
