import { request, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { Authority, type KeyPair } from '@/tests/support/certificates';
import { engineListener, standIn } from '@/tests/support/stand-in-engine';
import type { EngineAddress, TlsOptions } from './address';
import { engineAgent } from './connection';
import { dockerEngine } from './docker-engine';
import { probeEngine } from './probe';
import { toEngineError } from './to-engine-error';

/** Engines behind TLS, by real handshakes. */

vi.setConfig({ testTimeout: 30_000 });

let authority: Authority;
let stranger: Authority;
let server: KeyPair;
let client: KeyPair;

beforeAll(() => {
  authority = new Authority();
  stranger = new Authority('Another CA');
  server = authority.issue();
  client = authority.issue();
});

/** An engine that wants client certificates of the authority. */
const mutual = (pair: KeyPair = server) =>
  standIn(engineListener(), {
    tls: { ...pair, ca: authority.ca, requestCert: true, rejectUnauthorized: true },
  });

const at = (port: number, tls: Partial<TlsOptions> = {}, host = '127.0.0.1'): EngineAddress => ({
  kind: 'tls',
  host,
  port,
  tls: { verify: true, ca: authority.ca, ...client, ...tls },
});

const probe = (address: EngineAddress) => probeEngine(address, 20_000);

test('connects with mutual TLS by name and by address', async () => {
  const { port } = await mutual();
  expect(await probe(at(port))).toEqual({ state: 'manager' });
  expect(await probe(at(port, {}, 'localhost'))).toEqual({ state: 'manager' });
});

test('accepts any certificate without verification', async () => {
  const { port } = await mutual(stranger.issue({ names: ['other'], days: -1 }));
  const { cert, key } = client;
  const address: EngineAddress = {
    kind: 'tls',
    host: '127.0.0.1',
    port,
    tls: { verify: false, cert, key },
  };
  expect(await probe(address)).toEqual({ state: 'manager' });
});

test('polls share one connection', async () => {
  const { port, connections } = await mutual();
  const engine = dockerEngine(at(port));
  for (let poll = 0; poll < 5; poll += 1) expect(await engine.tasks()).toEqual([]);
  expect(connections().seen).toBe(1);
});

test('closes an idle connection, but not one with an event stream', async () => {
  const { port, connections } = await mutual();
  const agent = engineAgent(at(port), 50);
  onTestFinished(() => agent.destroy());
  const ask = (path: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      request({ path, agent }, resolve).on('error', reject).end();
    });
  const stream = await ask('/events');
  (await ask('/tasks')).resume();
  expect(connections()).toEqual({ seen: 2, open: 2 });
  await vi.waitFor(() => expect(connections().open).toBe(1), 20_000);
  expect(stream.destroyed).toBe(false);
});

test.each<[what: string, pair: () => KeyPair, tls: () => Partial<TlsOptions>, words: string]>([
  ['an expired certificate', () => authority.issue({ days: -1 }), () => ({}), 'has expired'],
  ['another name', () => authority.issue({ names: ['zero1'] }), () => ({}), 'another name'],
  ['an unknown authority', () => server, () => ({ ca: stranger.ca }), 'not trusted here'],
])('%s is refused, with a next step', async (_, pair, tls, words) => {
  const { port } = await mutual(pair());
  const error = { kind: 'tls', message: expect.stringContaining(words), next: expect.any(String) };
  expect(await probe(at(port, tls()))).toMatchObject({ state: 'broken', error });
  await expect(dockerEngine(at(port, tls())).tasks()).rejects.toMatchObject(error);
});

test('reports an engine that rejects a missing or foreign client certificate', async () => {
  const { port } = await mutual();
  const { ca } = authority;
  const without: EngineAddress = {
    kind: 'tls',
    host: '127.0.0.1',
    port,
    tls: { verify: true, ca },
  };
  for (const address of [without, at(port, stranger.issue())]) {
    expect(await probe(address)).toMatchObject({
      error: {
        kind: 'tls',
        // Whether the reason arrives before the connection is reset is up to the network.
        message: expect.stringMatching(/wants a client certificate|closed the TLS connection/),
        next: expect.stringContaining('DOCKER_CERT_PATH'),
      },
    });
  }
});

test.each([
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'wants a client certificate'],
  ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'wants a client certificate'],
  ['ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'refused the client certificate'],
  ['ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED', 'refused the client certificate'],
  ['CERT_NOT_YET_VALID', 'not valid yet'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'not trusted here'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS'],
  ['ERR_SSL_UNSUPPORTED_PROTOCOL', 'failed'],
])('%s: %s', (code, words) => {
  const error = toEngineError(Object.assign(new Error(code), { code }), at(2376));
  expect(error).toMatchObject({
    kind: 'tls',
    message: expect.stringContaining(words),
    next: expect.any(String),
  });
});

test('names the client certificate when the engine closes without a reason', async () => {
  const { port } = await standIn((_, response) => response.socket?.destroy(), { tls: server });
  const { ca } = authority;
  const without: EngineAddress = {
    kind: 'tls',
    host: '127.0.0.1',
    port,
    tls: { verify: true, ca },
  };
  expect(await probe(without)).toMatchObject({
    error: { kind: 'tls', next: expect.stringContaining('certificate that is missing') },
  });
});

test('reports TLS to an engine without it', async () => {
  const { port } = await standIn(engineListener());
  expect(await probe(at(port))).toMatchObject({
    error: { kind: 'tls', message: expect.stringContaining('does not speak TLS') },
  });
});

test('reports plain http to an engine that requires TLS', async () => {
  const wanted = { error: { kind: 'tls', message: expect.stringContaining('requires TLS') } };
  // Go's servers, so every engine, answer that in plain http.
  const go = await standIn((_, response) => {
    response.writeHead(400).end('Client sent an HTTP request to an HTTPS server.\n');
  });
  expect(await probe({ kind: 'tcp', host: '127.0.0.1', port: go.port })).toMatchObject(wanted);
  const engine = dockerEngine({ kind: 'tcp', host: '127.0.0.1', port: go.port });
  await expect(engine.tasks()).rejects.toMatchObject(wanted.error);
});

test('times out when the server does not respond during the handshake', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((done) => silent.listen(0, '127.0.0.1', done));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  expect(await probeEngine(at(port), 100)).toMatchObject({ error: { kind: 'engine-timeout' } });
});
