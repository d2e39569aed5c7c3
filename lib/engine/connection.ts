import type { AgentOptions } from 'node:http';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext } from 'node:tls';
import { hostAndPort, placeOf, type EngineAddress } from './address';
import { WatchedAgent } from './agent';
import { SshConnection } from './ssh';

/**
 * How long a connection that costs a handshake is kept for the next request (ms). The feed polls
 * several times a second while somebody watches, so it stays; a minute after the last one has left
 * nothing is open.
 */
const IDLE_MS = 30_000;
/**
 * Each connection over ssh is a process here and two there. The feed needs one for events and at
 * most two at once for reading; the others are for a ping and for commands while those hang.
 */
const SSH_CONNECTIONS = 6;

/**
 * The agent through which everything to one engine goes, so that whoever uses it speaks plain http.
 * Connections to a socket are opened anew for each request: they cost nothing, and one kept from
 * before the engine's restart would cost a failed poll. Over TLS and ssh they are kept.
 * Whoever makes an agent ends it with `destroy()`.
 */
export function engineAgent(address: EngineAddress, idleMs = IDLE_MS): WatchedAgent {
  const kept: AgentOptions = { keepAlive: true, timeout: idleMs };
  const where = placeOf(address);
  if (address.kind === 'unix') return new WatchedAgent(where, () => connect(address.socketPath));
  if (address.kind === 'tcp') {
    return new WatchedAgent(where, () => connect(address.port, address.host));
  }
  if (address.kind === 'tls') return new WatchedAgent(where, tlsOpener(address), kept);
  const open = () => new SshConnection(address);
  return new WatchedAgent(where, open, { ...kept, maxSockets: SSH_CONNECTIONS });
}

/** What a request names as its host: proxies that choose by name read it, engines do not. */
export function hostHeader(address: EngineAddress): string {
  return address.kind === 'tcp' || address.kind === 'tls' ? hostAndPort(address) : 'localhost';
}

function tlsOpener({ host, port, tls }: EngineAddress & { kind: 'tls' }): () => Duplex {
  const { ca, cert, key } = tls;
  const secureContext = createSecureContext({ ca, cert, key });
  return () =>
    connectTls({
      host,
      port,
      secureContext,
      rejectUnauthorized: tls.verify,
      // Names only: an address is no server name (RFC 6066).
      servername: isIP(host) ? '' : host,
    });
}
