import type { ProblemKind } from '../api';

/** What the guard looks at; a `Request` has it. */
export interface Asked {
  headers: Headers;
}

/** Why a request is turned away, or null when it may pass. */
export type Refusal = { kind: ProblemKind; detail: string; next?: string } | null;

const LOOPBACK_HOST = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * On loopback without a password the browser's own origin is the only protection, so a name that
 * somebody pointed at 127.0.0.1 (DNS rebinding) must not be one: the Host has to be loopback's.
 */
export function refuseForeignHost({ headers }: Asked, loopbackOnly: boolean): Refusal {
  if (!loopbackOnly || LOOPBACK_HOST.test(headers.get('host') ?? '')) return null;
  return {
    kind: 'other-origin',
    detail: 'This dashboard answers on this machine only, under the name localhost or 127.0.0.1.',
    next: 'Open it as http://127.0.0.1, or start it with HOST=0.0.0.0 and a DASHBOARD_PASSWORD.',
  };
}

/**
 * Changes are taken from the dashboard's own page and from programs, never from another site's
 * page. Browsers always send Origin with a POST; Sec-Fetch-Site comes too on https and loopback.
 */
export function refuseOtherOrigin({ headers }: Asked): Refusal {
  const site = headers.get('sec-fetch-site');
  const origin = headers.get('origin');
  const foreignSite = site !== null && site !== 'same-origin' && site !== 'none';
  const foreignOrigin = origin !== null && URL.parse(origin)?.host !== headers.get('host');
  if (!foreignSite && !foreignOrigin) return null;
  return {
    kind: 'other-origin',
    detail: 'The request comes from a page of another site, and those may not change this swarm.',
  };
}
