import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { curlCommand, type CommandFacts } from './curl-command';

const facts: CommandFacts = {
  hosts: ['10.0.0.1:8888'],
  path: '/Hello!',
  method: 'GET',
  mode: 'once',
  rate: 5,
  seconds: 30,
  burst: 100,
  inFlight: 4,
  timeout: 2,
  connection: 'new',
};
const command = (change: Partial<CommandFacts> = {}) => curlCommand({ ...facts, ...change });

describe('equivalent command', () => {
  test.each([
    [{}, "curl --connect-timeout 2 --max-time 4 'http://10.0.0.1:8888/Hello!'"],
    [
      { method: 'HEAD' as const, timeout: 5 },
      "curl -I --connect-timeout 5 --max-time 10 'http://10.0.0.1:8888/Hello!'",
    ],
    [
      { mode: 'steady' as const },
      "for i in $(seq 150); do curl -s --connect-timeout 2 --max-time 4 'http://10.0.0.1:8888/Hello!'; sleep 0.2; done",
    ],
    [
      { mode: 'burst' as const, inFlight: 1 },
      "for i in $(seq 100); do curl -s --connect-timeout 2 --max-time 4 'http://10.0.0.1:8888/Hello!'; done",
    ],
    [
      { mode: 'burst' as const },
      "seq 100 | xargs -P4 -I{} curl -s --connect-timeout 2 --max-time 4 'http://10.0.0.1:8888/Hello!'",
    ],
    [
      { mode: 'steady' as const, connection: 'keepAlive' as const },
      "curl -s --rate 5/s --connect-timeout 2 --max-time 4 'http://10.0.0.1:8888/Hello!#[1-150]'",
    ],
    [
      { mode: 'steady' as const, hosts: ['10.0.0.1:8888', '10.0.0.2:8888'] },
      `for i in $(seq 75); do for a in 10.0.0.1:8888 10.0.0.2:8888; do curl -s --connect-timeout 2 --max-time 4 http://"$a"'/Hello!'; sleep 0.2; done; done`,
    ],
    [
      { mode: 'steady' as const, path: '/x', rate: 100, seconds: 300 },
      'for i in $(seq 6000); do curl -s --connect-timeout 2 --max-time 4 http://10.0.0.1:8888/x; sleep 0.01; done',
    ],
    [
      { path: '/a/../b' },
      'curl --path-as-is --connect-timeout 2 --max-time 4 http://10.0.0.1:8888/a/../b',
    ],
  ])('of %j', (change, expected) => expect(command(change)).toBe(expected));

  test('quotes what a shell or curl would expand', () => {
    expect(command({ path: '/a?b=1&c=$x' })).toContain(`'http://10.0.0.1:8888/a?b=1&c=$x'`);
    expect(command({ path: "/it's" })).toContain(String.raw`'http://10.0.0.1:8888/it'\''s'`);
    expect(command({ hosts: ['[fd00::1]:8888'] })).toContain(`-g 'http://[fd00::1]:8888/Hello!'`);
    expect(command({ path: '/{}', mode: 'burst' })).toContain('-I@@@ ');
  });
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;

describe.skipIf(!hasCurl)('run by a shell', () => {
  const seen: { path: string; method: string; connection: number }[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const { url = '', method = '' } = request;
    seen.push({ path: url, method, connection: numbers.get(request.socket) ?? 0 });
    response.end('This is it\n');
  });
  const numbers = new Map<object, number>();
  server.on('connection', (socket) => numbers.set(socket, (connections += 1)));
  beforeAll(() => new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready)));
  afterAll(() => new Promise<void>((closed) => server.close(() => closed())));
  beforeEach(() => {
    seen.length = 0;
    connections = 0;
  });
  const run = async (change: Partial<CommandFacts>) => {
    const { port } = server.address() as AddressInfo;
    const text = command({
      hosts: [`127.0.0.1:${port}`],
      rate: 50,
      seconds: 1,
      burst: 2,
      ...change,
    });
    // As in a terminal, where `!` expands history.
    const shell = execFile('bash', ['--norc', '-o', 'history', '-o', 'histexpand']);
    shell.stdin?.end(`${text}\n`);
    await once(shell, 'close');
    return seen.length;
  };

  test('sends one request', async () => {
    expect(await run({})).toBe(1);
    expect(seen[0]).toMatchObject({ path: '/Hello!', method: 'GET' });
  });

  test('repeats the default path', async () => {
    expect(await run({ mode: 'steady', seconds: 0.1 })).toBe(5);
    expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(['/Hello!']));
  });

  test.each(["/it's!?a=$HOME&b={1,2}", '/{}', '/[1-3]', '/%20;x', '/..', '/a/../b/./c'])(
    'the path %s',
    async (path) => {
      const at = `127.0.0.1:${(server.address() as AddressInfo).port}`;
      expect(await run({ path })).toBe(1);
      expect(await run({ path, mode: 'burst' })).toBe(3);
      expect(await run({ path, mode: 'burst', connection: 'keepAlive', inFlight: 1 })).toBe(5);
      expect(await run({ path, mode: 'burst', hosts: [at, at] })).toBe(7);
      expect(new Set(seen.map((one) => one.path))).toEqual(new Set([path]));
    },
  );

  test('opens a connection per request, or reuses one', async () => {
    expect(await run({ mode: 'burst', inFlight: 1 })).toBe(2);
    expect(connections).toBe(2);
    await run({ mode: 'burst', inFlight: 1, connection: 'keepAlive' });
    expect(connections).toBe(3);
  });

  test('sends HEAD requests', async () => {
    expect(await run({ mode: 'steady', seconds: 0.1, method: 'HEAD' })).toBe(5);
    expect(new Set(seen.map(({ method }) => method))).toEqual(new Set(['HEAD']));
  });
});
