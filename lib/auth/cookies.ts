import type { PublicOrigin } from '../settings';

/** A cookie's name and whether browsers may send it by https only. */
export interface CookieKind {
  name: string;
  secure: boolean;
}

/** The cookies that belong to one address of the dashboard. */
export interface CookieKinds {
  session: CookieKind;
  /** Marks a browser that has signed in before. */
  device: CookieKind;
}

/**
 * The cookies of the address that a sign-in was sent to. Browsers send a cookie to every port of its
 * host, so the port is in its name: two dashboards on one host do not sign each other out.
 */
export function cookieKinds(headers: Headers, origin: PublicOrigin | null): CookieKinds {
  const https = isHttps(headers, origin);
  const isPublic =
    headers.get('origin') === origin?.url || (https && headers.get('host') === origin?.host);
  return origin && isPublic ? ofOrigin(origin) : ofHost(headers, https);
}

/**
 * Every cookie that may hold a request's session: those of any address when the request does not show which
 * one it was sent to. By https only `__Host-` counts: plain http can set the others in its name.
 */
export function acceptedCookies(headers: Headers, origin: PublicOrigin | null): CookieKinds[] {
  const all = [ofHost(headers, true), ofHost(headers, false)];
  if (origin) all.unshift(ofOrigin(origin));
  const https = isHttps(headers, origin);
  return all.filter(
    ({ session }, at) =>
      (session.secure || !https) &&
      all.findIndex((one) => one.session.name === session.name) === at,
  );
}

/**
 * Whether the request shows that it was sent to an https address, which a proxy in front hides: by
 * `Origin`, by the `Referer` that our pages' requests have, or by a host that is DASHBOARD_ORIGIN's.
 */
function isHttps(headers: Headers, origin: PublicOrigin | null): boolean {
  const host = headers.get('host');
  const sent = headers.get('origin');
  // Only a page of plain http sends this. A Referer of http can accompany a link to https.
  if (sent === `http://${host}`) return false;
  const page = sent ?? /^https:\/\/[^/?#]+/.exec(headers.get('referer') ?? '')?.[0] ?? null;
  if (page === `https://${host}`) return true;
  return origin !== null && origin.secure && (page === origin.url || host === origin.host);
}

function ofHost(headers: Headers, secure: boolean): CookieKinds {
  return kinds(portOf(headers.get('host') ?? '', secure ? '443' : '80'), secure);
}

function ofOrigin({ host, secure, prefix }: PublicOrigin): CookieKinds {
  // `/` may not be in a cookie's name, and `+` is in no prefix.
  return kinds(portOf(host, secure ? '443' : '80') + prefix.replaceAll('/', '+'), secure);
}

function kinds(suffix: string, secure: boolean): CookieKinds {
  // Browsers take `__Host-` only from https, so that no other host or port can set or see it in the clear.
  const start = secure ? '__Host-' : '';
  return {
    session: { name: `${start}clusterhat-session-${suffix}`, secure },
    device: { name: `${start}clusterhat-device-${suffix}`, secure },
  };
}

function portOf(host: string, otherwise: string): string {
  return /:(\d{1,5})$/.exec(host)?.[1] ?? otherwise;
}

/** All values of a cookie in the request: another port or path can add more of the same name. */
export function cookieValues(headers: Headers, name: string): string[] {
  const start = `${name}=`;
  return (headers.get('cookie') ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(start))
    .map((pair) => pair.slice(start.length));
}

/** A `Set-Cookie` that lasts `seconds`; 0 removes the cookie. */
export function setCookie({ name, secure }: CookieKind, value: string, seconds: number): string {
  const attributes = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
  return `${name}=${value}; ${attributes}${secure ? '; Secure' : ''}`;
}
