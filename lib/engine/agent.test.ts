import { once } from 'node:events';
import { createServer, get, type Server } from 'node:http';
import { connect } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WatchedAgent } from './agent';

let server: Server;

beforeEach(async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(() => {
  server.closeAllConnections();
  server.close();
});

test('is described in a word, as docker-modem describes it at every call', async () => {
  const address = server.address();
  const port = address && typeof address === 'object' ? address.port : 0;
  const agent = new WatchedAgent(() => connect(port, '127.0.0.1'));
  const asked = get({ agent }).on('error', () => {});
  await once(server, 'request');
  expect(inspect({ agent }, { showHidden: true, depth: null }).length).toBeLessThan(100);
  asked.destroy();
});
