import type { AgentOptions } from 'node:http';
import { connect, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls, createSecureContext } from 'node:tls';
import { hostAndPort, placeOf, type EngineAddress } from './address';
import { WatchedAgent } from './agent';
import { SshConnection } from './ssh';

/**
 * Time that an idle connection with a handshake is kept (ms). The feed polls at least every second while there
 * are viewers, so it stays open; soon after the last one has left it is closed.
 */
const IDLE_MS = 30_000;
/**
 * Each connection over ssh is one process here and two there. The feed needs one for events and at most two for
 * reading; the others are for a ping and for commands while those hang.
 */
const SSH_CONNECTIONS = 6;
/** The same for logs, each of which holds one (lib/logs/followed-logs.ts): of their own, so that the feed never waits. */
const SSH_LOG_CONNECTIONS = 16;

/**
 * The agent for all requests to one engine; its users speak plain http. Each request to a socket has its own
 * connection: it costs nothing, and one kept over a restart of the engine would cost a failed poll. Over TLS and
 * ssh connections are kept. Call `destroy()` at the end.
 */
export function engineAgent(
  address: EngineAddress,
  idleMs = IDLE_MS,
  sshConnections = SSH_CONNECTIONS,
): WatchedAgent {
  const kept: AgentOptions = { keepAlive: true, timeout: idleMs };
  const where = placeOf(address);
  if (address.kind === 'unix') return new WatchedAgent(where, () => connect(address.socketPath));
  if (address.kind === 'tcp') {
    return new WatchedAgent(where, () => connect(address.port, address.host));
  }
  if (address.kind === 'tls') return new WatchedAgent(where, tlsOpener(address), kept);
  const open = () => new SshConnection(address);
  return new WatchedAgent(where, open, { ...kept, maxSockets: sshConnections });
}

/** The agent for logs: over ssh another one than that of all other requests, `agent`. */
export function logAgent(address: EngineAddress, agent: WatchedAgent): WatchedAgent {
  return address.kind === 'ssh' ? engineAgent(address, IDLE_MS, SSH_LOG_CONNECTIONS) : agent;
}

/** The `Host` header: engines ignore it, proxies may route by it. */
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
      // An IP address is not a server name (RFC 6066).
      servername: isIP(host) ? '' : host,
    });
}
