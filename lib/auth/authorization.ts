/** What `Authorization` carries for this dashboard. */
export type Credentials =
  | { scheme: 'basic'; password: string }
  | { scheme: 'bearer'; token: string }
  /** None, or of a scheme that is not ours: a proxy in front may use its own. */
  | null;

/** The longest value that is looked at (characters); the longest password is 1,000. */
const MOST = 8000;

/** Parses `Authorization`; the name in Basic is not looked at: `curl -u :PASSWORD`. */
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
 * Whether a browser sent this. It repeats the Basic password of a proxy in front with every request,
 * which is no attempt to sign in here. Sec-Fetch-Mode is not a sign: Node's `fetch` sends it too.
 */
export function isBrowser(headers: Headers): boolean {
  const agent = headers.get('user-agent') ?? '';
  return (
    ['origin', 'referer', 'sec-fetch-site', 'sec-fetch-dest', 'upgrade-insecure-requests'].some(
      (name) => headers.has(name),
    ) ||
    // PowerShell's `Invoke-RestMethod` calls itself Mozilla too.
    (/^mozilla\//i.test(agent) && !/powershell\//i.test(agent))
  );
}
