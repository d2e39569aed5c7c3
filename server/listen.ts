import { createServer } from 'node:net';

/**
 * Why a server cannot listen at an address, as one sentence; null when it can. Next's own server prints a stack
 * trace.
 */
export function whyNotListen(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(listenReason(error, host, port)));
    probe.listen(port, host, () => probe.close(() => resolve(null)));
  });
}

/** Why a server could not listen, as one sentence. */
export function listenReason(
  { code, message }: NodeJS.ErrnoException,
  host: string,
  port: number,
): string {
  switch (code) {
    case 'EADDRINUSE':
      return `port ${port} is already in use; choose another with --port ${port + (port < 65_535 ? 1 : -1)}.`;
    case 'EACCES':
      return `this user may not listen on port ${port}; choose one from 1024 on, such as --port 3000.`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine; --host 0.0.0.0 listens on all of them.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the host name ${host} has no address; --host 0.0.0.0 listens on all of this machine's.`;
    default:
      return `cannot listen on ${host}, port ${port}: ${message}`;
  }
}

/** Where to reach a server that listens on `host`: one that listens everywhere is on loopback too. */
export function reachableHost(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

/** The URL of a server that listens on `host`. */
export function listenUrl(host: string, port: number): string {
  const reachable = reachableHost(host);
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}
