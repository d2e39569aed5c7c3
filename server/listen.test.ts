import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { listenUrl, whyNotListen } from './listen';

async function takenPort(host: string): Promise<number> {
  const server = createServer().listen(0, host);
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test('names a port in use and suggests another', async () => {
  const port = await takenPort('127.0.0.1');
  const reason = await whyNotListen('127.0.0.1', port);
  expect(reason).toContain(`port ${port} is already in use`);
  expect(reason).toMatch(/--port \d+\.$/);
});

test('leaves a free port free', async () => {
  const port = await takenPort('127.0.0.1');
  expect(await whyNotListen('127.0.0.2', port)).toBeNull();
  expect(await whyNotListen('127.0.0.2', port)).toBeNull();
});

test('names an address that the machine does not have', async () => {
  // From a block that is reserved for documentation (RFC 5737).
  expect(await whyNotListen('192.0.2.1', 3000)).toMatch(/^192\.0\.2\.1 is not an address of this/);
});

test.each([
  ['127.0.0.1', 'http://127.0.0.1:3000'],
  ['0.0.0.0', 'http://127.0.0.1:3000'],
  ['::', 'http://127.0.0.1:3000'],
  ['::1', 'http://[::1]:3000'],
  ['ctrl', 'http://ctrl:3000'],
])('a server on %s has the URL %s', (host, url) => {
  expect(listenUrl(host, 3000)).toBe(url);
});
