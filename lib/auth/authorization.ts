/** What `Authorization` carries for this dashboard. */
export type Credentials =
  | { scheme: 'basic'; password: string }
  | { scheme: 'bearer'; token: string }
  /** No credentials, or a scheme of a proxy in front. */
  | null;

/** Longer values are ignored (characters); the longest password is 1,000. */
const MOST = 8000;

/** Parses `Authorization`; the user name of Basic is ignored: `curl -u :PASSWORD`. */
export function credentialsOf(headers: Headers): Credentials {
  const value = headers.get('authorization') ?? '';
  if (value.length > MOST) return null;
  // RFC 9110, 11.1: the scheme's name is case-insensitive.
  const [, scheme = '', given = ''] = /^([A-Za-z]+) +([A-Za-z0-9._~+/-]+=*)$/.exec(value) ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return { scheme: 'bearer', token: given };
    case 'basic': {
      const pair = Buffer.from(given, 'base64').toString('utf8');
      const colon = pair.indexOf(':');
      return colon < 0 ? null : { scheme: 'basic', password: pair.slice(colon + 1) };
    }
    default:
      return null;
  }
}

/**
 * Whether a browser sent this. Browsers repeat the Basic password of a proxy in front with every request,
 * which is not an attempt to sign in here. Sec-Fetch-Mode is not a sign: Node's `fetch` sends it too.
 */
export function isBrowser(headers: Headers): boolean {
  const agent = headers.get('user-agent') ?? '';
  return (
    ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-dest', 'upgrade-insecure-requests'].some(
      (name) => headers.has(name),
    ) ||
    // PowerShell's `Invoke-RestMethod` also sends Mozilla as its User-Agent.
    (/^mozilla\//i.test(agent) && !/powershell\//i.test(agent))
  );
}
