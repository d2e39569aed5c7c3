import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = path.join(import.meta.dirname, '..', '..');

test('a server that receives SIGTERM restores a drained node before it exits', async () => {
  const script = path.join(ROOT, 'tests', 'support', 'drilling-server.ts');
  const server = spawn(process.execPath, ['--import', 'tsx', script], {
    cwd: ROOT,
    env: { ...process.env, HOSTNAME: '127.0.0.1', LOG_LEVEL: 'error' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void server.kill('SIGKILL'));
  let output = '';
  const drained = new Promise<void>((resolve) =>
    server.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('drain')) resolve();
    }),
  );
  const exited = once(server, 'exit');
  await drained;
  server.kill('SIGTERM');
  expect(await exited).toEqual([0, null]);
  expect(output).toBe('id-zero1 drain\nid-zero1 active\n');
}, 30_000);
