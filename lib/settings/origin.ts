/** The dashboard's public address, if different from the one that the server listens on. */
export interface PublicOrigin {
  /** As a browser sends it in `Origin`: `https://swarm.home`, `http://ctrl:8080`. */
  url: string;
  /** Name and port as a browser sends them in `Host`. */
  host: string;
  /** The page is reached by https, so cookies can be `Secure`. */
  secure: boolean;
  /** The path prefix: `/swarm`, without a trailing slash; empty for the root. */
  prefix: string;
}

/** A valid path prefix of DASHBOARD_ORIGIN; empty for the root. */
export const PREFIX = /^(\/[A-Za-z0-9._~-]+)*$/;

/** Parses DASHBOARD_ORIGIN; throws an `Error` whose message names the variable and shows the form. */
export function parseOrigin(text: string): PublicOrigin {
  const form = 'has to be an address such as https://swarm.home or http://ctrl:8080/swarm';
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    throw new Error(`DASHBOARD_ORIGIN ${form}`);
  }
  const prefix = url.pathname.replace(/\/+$/, '');
  if (url.username || url.password || url.search || url.hash || !PREFIX.test(prefix)) {
    throw new Error(
      `DASHBOARD_ORIGIN ${form}: a path of letters, digits and . _ ~ - at most, and nothing after it`,
    );
  }
  return { url: url.origin, host: url.host, secure: url.protocol === 'https:', prefix };
}
