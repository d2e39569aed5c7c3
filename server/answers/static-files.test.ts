import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { staticFiles } from './static-files';

const CODE = 'export const answer = 42;\n'.repeat(100);

async function served(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'files-'));
  mkdirSync(join(folder, '.next/static/chunks'), { recursive: true });
  mkdirSync(join(folder, 'public'));
  writeFileSync(join(folder, '.next/static/chunks/a.js'), CODE);
  writeFileSync(join(folder, '.next/static/live-0a1b.js'), CODE);
  writeFileSync(join(folder, '.next/secret.json'), '{}');
  writeFileSync(join(folder, 'public/icon.svg'), '<svg/>');
  const answerFile = staticFiles(folder);
  const server = createServer((request, response) => {
    if (!answerFile(request.url ?? '', request, response)) response.writeHead(404).end();
  });
  server.listen(0, '127.0.0.1');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
    rmSync(folder, { recursive: true });
  });
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('sends a file of the build as immutable, and compressed if the client accepts gzip', async () => {
  const url = `${await served()}/_next/static/chunks/a.js`;
  const zipped = await fetch(url);
  expect(zipped.headers.get('content-encoding')).toBe('gzip');
  expect(zipped.headers.get('cache-control')).toContain('immutable');
  expect(zipped.headers.get('content-type')).toContain('javascript');
  expect(await zipped.text()).toBe(CODE);
  for (const encoding of ['identity', 'gzip;q=0', 'br']) {
    const plain = await fetch(url, { headers: { 'accept-encoding': encoding } });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(plain.headers.get('content-length')).toBe(String(CODE.length));
    expect(await plain.text()).toBe(CODE);
  }
});

test('only the worker of the live stream may connect to the server', async () => {
  const url = await served();
  const policy = async (path: string) =>
    (await fetch(url + path)).headers.get('content-security-policy');
  expect(await policy('/_next/static/live-0a1b.js')).toMatch(
    /^default-src 'none';.*; connect-src 'self'$/,
  );
  // The gate sets the others'.
  expect(await policy('/_next/static/chunks/a.js')).toBeNull();
});

test('answers HEAD without the file, and a public file with must-revalidate', async () => {
  const url = await served();
  const head = await fetch(`${url}/icon.svg`, { method: 'HEAD' });
  expect([head.headers.get('content-length'), await head.text()]).toEqual(['6', '']);
  expect(head.headers.get('cache-control')).toContain('must-revalidate');
});

test.each(['/_next/static/../secret.json', '/_next/static/chunks', '/.next/secret.json', '/a.js'])(
  'has no file %s',
  async (path) => {
    const url = await served();
    const { port } = new URL(url);
    const { request } = await import('node:http');
    const asked = request({ port, host: '127.0.0.1', path }).end();
    const [answer] = await once(asked, 'response');
    answer.resume();
    expect(answer.statusCode).toBe(404);
  },
);
