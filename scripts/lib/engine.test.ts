import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { whoAnswers } from './engine.mjs';

/** A socket at which `body` answers every call. */
async function engine(body: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'engine-'));
  const socketPath = join(folder, 'docker.sock');
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((listening) => server.listen(socketPath, listening));
  onTestFinished(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });
  return socketPath;
}

test.each([
  ['a manager', '{"Swarm":{"ControlAvailable":true}}', 'manager'],
  ['a worker', '{"Swarm":{"ControlAvailable":false}}', 'none'],
  ['something else', 'hello', 'none'],
])('%s', async (_, body, who) => {
  expect(await whoAnswers(await engine(body))).toBe(who);
});

test('nobody', async () => {
  expect(await whoAnswers('/nosuch/docker.sock')).toBe('none');
});

test('a socket that this user may not open', async () => {
  const socketPath = await engine('');
  chmodSync(socketPath, 0);
  const root = process.getuid?.() === 0;
  // Permissions are nothing to root.
  if (root) process.seteuid?.(65_534);
  const who = await whoAnswers(socketPath);
  if (root) process.seteuid?.(0);
  expect(who).toBe('refused');
});
