import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';

// Two processes for each test, while others keep the machine busy.
vi.setConfig({ testTimeout: 30_000 });

const TSX = import.meta.resolve('tsx');

interface Ended {
  code: number | null;
  output: string;
}

/** Runs `serve` in a child process with a server that consists of `program`; resolves at its end. */
async function served(program: string, flags: string[] = []): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), 'serve-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const server = join(folder, 'server.mjs');
  writeFileSync(server, program);
  const serve = pathToFileURL(join(import.meta.dirname, 'serve.ts')).href;
  const script = `import { serve } from '${serve}'; serve(new URL('${pathToFileURL(server).href}'), process.env)`;
  const child = spawn(
    process.execPath,
    ['--import', TSX, ...flags, '--input-type=module', '-e', script],
    {
      env: { NODE_ENV: 'test', PATH: process.env.PATH, PARENT: 'given' },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = await once(child, 'close');
  return { code, output };
}

test.each([
  ['ends by itself', '', 0],
  ['fails', 'process.exit(3)', 3],
  ['is stopped', "process.kill(process.pid, 'SIGTERM')", 0],
  ['exits with 130, as Next does at Ctrl-C before it is up', 'process.exit(130)', 0],
  ['crashes', "process.kill(process.pid, 'SIGABRT')", 1],
  ['has a segmentation fault', "process.kill(process.pid, 'SIGSEGV')", 1],
])('passes on the exit code of a server that %s', async (_, program, code) => {
  expect((await served(program)).code).toBe(code);
});

const REPORT = `
import { getHeapStatistics } from 'node:v8';
console.log(JSON.stringify({
  heapMb: getHeapStatistics().heap_size_limit / 2 ** 20,
  ppid: process.ppid, mode: process.env.NODE_ENV, given: process.env.PARENT,
  arenas: process.env.MALLOC_ARENA_MAX }));
`;

test('starts the server with small heaps in a child process', async () => {
  const { heapMb, ppid, mode, given, arenas } = JSON.parse((await served(REPORT)).output);
  expect(heapMb).toBeLessThan(150);
  expect(arenas).toBe('2');
  expect(ppid).not.toBe(process.pid);
  expect([mode, given]).toEqual(['production', 'given']);
});

test('runs the server in the same process when a heap size is set already', async () => {
  const { heapMb, ppid, mode } = JSON.parse(
    (await served(REPORT, ['--max-old-space-size=300'])).output,
  );
  expect(heapMb).toBeGreaterThan(290);
  expect(ppid).toBe(process.pid);
  expect(mode).toBe('production');
});
