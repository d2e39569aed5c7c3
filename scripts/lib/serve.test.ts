import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

/** How `serve` ends when the server it runs does this. */
async function exitAfter(server: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, '.next/standalone'), { recursive: true });
  writeFileSync(join(folder, '.next/standalone/server.js'), server);
  const serve = JSON.stringify(join(import.meta.dirname, 'serve.mjs'));
  const script = `import(${serve}).then(({ serve }) => serve(process.env))`;
  const child = spawn(process.execPath, ['-e', script], { cwd: folder, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  return code;
}

test.each([
  ['ends well', '', 0],
  ['ends badly', 'process.exit(3)', 3],
  ['is asked to end', "process.kill(process.pid, 'SIGTERM')", 0],
  ['ends as Next does at Ctrl-C', 'process.exit(130)', 0],
  ['breaks', "process.kill(process.pid, 'SIGABRT')", 1],
  ['reaches beyond its memory', "process.kill(process.pid, 'SIGSEGV')", 1],
])('a server that %s', async (_, server, code) => {
  expect(await exitAfter(server)).toBe(code);
});
