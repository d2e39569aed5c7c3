import { isIPv6 } from 'node:net';
import { plainText } from './plain-text';

/** The default of Docker's own client. */
export const DEFAULT_SOCKET = '/var/run/docker.sock';

/** Options of a TLS connection: PEM texts, and whether the engine's certificate is verified. */
export interface TlsOptions {
  verify: boolean;
  ca?: string;
  cert?: string;
  key?: string;
}

/** Where an engine listens, and how it is reached. IPv6 hosts have no brackets. */
export type EngineAddress =
  | { kind: 'unix'; socketPath: string }
  | { kind: 'tcp'; host: string; port: number }
  | { kind: 'tls'; host: string; port: number; tls: TlsOptions }
  /** `socketPath` is on the remote machine; without it, the docker command there decides. */
  | { kind: 'ssh'; host: string; user?: string; port?: number; socketPath?: string };

/** The origin of an address, for error messages, and the TLS options of a tcp address. */
export interface AddressOrigin {
  /** The subject of every error: `DOCKER_HOST`. */
  name: string;
  /** Called for tcp and https only, as Docker reads certificates for no other address; null: no TLS. */
  tls: () => TlsOptions | null;
}

const FORMS = 'unix:///path/to/docker.sock, tcp://host:port or ssh://user@host';
/** RFC 3986's authority, by hand: `URL` rewrites hosts and knows only the web's schemes. */
const AUTHORITY = /^(?:([^@/?#]*)@)?(\[[^\]/?#]*\]|[^:@/?#[\]]*)(?::([^:@/?#]*))?([/?#].*)?$/;
/** No leading hyphen: ssh would parse such a host or user as an option. */
const HOST_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const USER_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+$-]*$/;
/** A remote shell parses this path, so no character with a meaning in a shell. */
const REMOTE_PATH = /^\/[A-Za-z0-9_.@+/-]*$/;

/**
 * Parses `DOCKER_HOST` or a context's endpoint as Docker's client does (docker/cli opts/hosts.go,
 * cli/connhelper/ssh). Stricter where a mistake would show only later: a path or a password in a tcp
 * address, a relative socket path. Throws an `Error` with one sentence that names the origin.
 */
export function parseAddress(text: string, origin: AddressOrigin): EngineAddress {
  const [, scheme = '', rest = ''] = /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(.*)$/s.exec(
    text.trim(),
  ) as unknown as [string, string?, string?];
  const refuse = (reason: string) => {
    const shown = withoutPassword(text);
    // A reason can quote any part of the text.
    const why = shown === text ? reason : 'a password is not supported; over ssh use a key.';
    return new Error(plainText(`${origin.name} is ${JSON.stringify(shown)}: ${why}`));
  };

  switch (scheme.toLowerCase()) {
    case 'unix':
      if (rest === '') return { kind: 'unix', socketPath: DEFAULT_SOCKET };
      if (rest.startsWith('/')) return { kind: 'unix', socketPath: rest };
      throw refuse(`a socket's path is absolute; did you mean unix:///${rest}?`);
    case '':
      if (/^[/.~]/.test(rest)) {
        throw refuse(`a path alone is no address; did you mean unix://${rest}?`);
      }
      return tcp(rest, 'tcp', origin, refuse);
    case 'tcp':
    case 'http':
    case 'https':
      return tcp(rest, scheme.toLowerCase() as 'tcp' | 'http' | 'https', origin, refuse);
    case 'ssh':
      return ssh(rest, refuse);
    case 'npipe':
      throw refuse(
        'npipe:// is not supported, as its pipes are those of Docker on Windows; it may be tcp://host:port or ssh://user@host of the controller.',
      );
    case 'fd':
      throw refuse(`${scheme}:// is not supported; it may be ${FORMS}.`);
    default:
      throw refuse(`it may be ${FORMS}.`);
  }
}

/** An address as people write it. Contains no secret. */
export function addressText(address: EngineAddress): string {
  if (address.kind === 'unix') return `unix://${address.socketPath}`;
  if (address.kind === 'ssh') {
    const { port, socketPath = '' } = address;
    return `ssh://${sshTarget(address)}${port ? `:${port}` : ''}${socketPath}`;
  }
  return `tcp://${hostAndPort(address)}`;
}

/** The address within a sentence; of a socket only the path. */
export function placeOf(address: EngineAddress): string {
  return address.kind === 'unix' ? address.socketPath : addressText(address);
}

/** `ctrl:2375`, `[::1]:2375` */
export function hostAndPort({ host, port }: { host: string; port: number }): string {
  return `${bracketed(host)}:${port}`;
}

/** `pi@ctrl`: the argument of `ssh`. */
export function sshTarget({ user, host }: { user?: string; host: string }): string {
  return `${user ? `${user}@` : ''}${bracketed(host)}`;
}

/** A host as URLs have it: an IPv6 address in brackets. */
export function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Masks a password in an address, which is rejected, so that it does not reach a log. A password can contain any
 * character, so everything from the first colon to the last @ is masked.
 */
function withoutPassword(text: string): string {
  const path = /^\s*(?:unix:\/\/)?\/(?!\/)/i;
  if (path.test(text)) return text;
  const scheme = /^\s*(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/|(?:ssh|tcp|https?|unix):\/)?/i;
  const begin = scheme.exec(text)?.[0].length ?? 0;
  const end = text.lastIndexOf('@');
  // Colons of an IPv6 address do not start a password.
  const names = text
    .slice(begin, Math.max(begin, end))
    .replace(/\[([^[\]]*)\]/g, (all, inside: string) =>
      isIPv6(inside) ? '-'.repeat(all.length) : all,
    );
  const colon = names.indexOf(':');
  return colon < 0 ? text : `${text.slice(0, begin + colon + 1)}***${text.slice(end)}`;
}

type Refuse = (reason: string) => Error;

function tcp(
  rest: string,
  scheme: 'tcp' | 'http' | 'https',
  origin: AddressOrigin,
  refuse: Refuse,
): EngineAddress {
  const { user, host, port, path } = authority(rest, refuse);
  if (user !== undefined) throw refuse(`a ${scheme} address has no user or password.`);
  if (path !== '' && path !== '/') throw refuse(`a ${scheme} address has no path.`);
  const given = scheme === 'http' ? null : origin.tls();
  const tls = given ?? (scheme === 'https' ? { verify: true } : null);
  const target = host || 'localhost';
  if (!tls) return { kind: 'tcp', host: target, port: port ?? (scheme === 'http' ? 80 : 2375) };
  return { kind: 'tls', host: target, port: port ?? (scheme === 'https' ? 443 : 2376), tls };
}

function ssh(rest: string, refuse: Refuse): EngineAddress {
  const { user, host, port, path } = authority(rest, refuse);
  if (host === '') throw refuse('it names no host; write ssh://user@host.');
  if (user !== undefined && !USER_NAME.test(user)) {
    throw refuse(`${JSON.stringify(user)} is no user name for ssh.`);
  }
  if (path !== '' && !REMOTE_PATH.test(path)) {
    throw refuse('after the host there may be a path to a socket, in letters, digits and /_.@+-.');
  }
  return {
    kind: 'ssh',
    host,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
    ...(path === '' || path === '/' ? {} : { socketPath: path }),
  };
}

interface Authority {
  user?: string;
  host: string;
  port?: number;
  path: string;
}

function authority(rest: string, refuse: Refuse): Authority {
  const match = AUTHORITY.exec(rest);
  if (!match) {
    throw refuse(
      isIPv6(rest)
        ? `an IPv6 address stands in brackets; did you mean [${rest}]?`
        : `it may be ${FORMS}.`,
    );
  }
  const [, user, rawHost = '', rawPort, path = ''] = match;
  let host = rawHost;
  if (rawHost.startsWith('[')) {
    // A zone's percent sign is %25 in a URL (RFC 6874); users often type it unescaped.
    host = rawHost.slice(1, -1).replace('%25', '%');
    if (!isIPv6(host)) throw refuse(`${rawHost} is no IPv6 address.`);
  } else if (rawHost !== '' && !HOST_NAME.test(rawHost)) {
    throw refuse(`${JSON.stringify(rawHost)} is no host name.`);
  }
  const result: Authority = { host, path };
  if (user !== undefined) result.user = user;
  if (rawPort) {
    const port = /^\d{1,5}$/.test(rawPort) ? Number(rawPort) : 0;
    if (port < 1 || port > 65_535) {
      throw refuse(`${JSON.stringify(rawPort)} is no port; a port is a number from 1 to 65535.`);
    }
    result.port = port;
  }
  return result;
}
