import { existsSync } from 'node:fs';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { EngineAddress } from './address';

/** The addresses of the engine's machine, as the operator configured them. */
export interface EngineHostAddresses {
  /** The engine is on this machine. */
  readonly local: boolean;
  /** Numeric; those of `DOCKER_HOST`, or loopback for an engine on this machine. */
  readonly addresses: readonly string[];
  /** The port of the engine's API there; null: it has none, or ssh leads to it. */
  readonly apiPort: number | null;
}

/** How long a resolved name holds (ms). */
const RESOLVED_MS = 60_000;

type Resolve = (host: string, done: (addresses: readonly string[]) => void) => void;

const resolveName: Resolve = (host, done) =>
  lookup(host, { all: true }, (error, found) =>
    done(error ? [] : found.map(({ address }) => address)),
  );

/** In a container loopback is the container's own, where no port of the swarm is published. */
const isInContainer = () => existsSync('/.dockerenv');

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';

/**
 * Returns a function with the current addresses of an engine's machine. It never waits: a name of `DOCKER_HOST` is
 * resolved in advance and again when it is old; a name that only ssh's own configuration knows has no address.
 */
export function engineHost(
  address: EngineAddress,
  {
    resolve = resolveName,
    now = Date.now,
    inContainer = isInContainer,
  }: { resolve?: Resolve; now?: () => number; inContainer?: () => boolean } = {},
): () => EngineHostAddresses {
  if (address.kind === 'unix') {
    // An engine in a virtual machine (Docker Desktop) publishes ports here and not at its node's address.
    const addresses = inContainer() ? [] : ['127.0.0.1'];
    return () => ({ local: true, addresses, apiPort: null });
  }
  const { host } = address;
  const apiPort = address.kind === 'ssh' ? null : address.port;
  if (isIP(host)) return () => ({ local: isLoopback(host), addresses: [host], apiPort });
  let addresses: readonly string[] = [];
  let resolvedAt = -Infinity;
  const refresh = () => {
    resolvedAt = now();
    resolve(host, (found) => {
      if (found.length > 0) addresses = found;
    });
  };
  refresh();
  return () => {
    if (now() - resolvedAt > RESOLVED_MS) refresh();
    return { local: addresses.some(isLoopback), addresses, apiPort };
  };
}
