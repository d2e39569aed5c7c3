import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { get, type IncomingMessage } from 'node:http';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { all, root } from './dockerfile';
import { missing, title } from './tools';

const dockerfile = 'Dockerfile.echo.arm';
const lacking = missing('go', 'qemu-arm-static');

/** The Dockerfile's build command with another output file, so that the test builds the same binary. */
function build(output: string, env: Record<string, string> = {}): void {
  const steps = all(dockerfile, 'RUN');
  const script = steps[0]?.replace('-o /echo-server', '-o "$OUTPUT"') ?? '';
  expect(steps).toHaveLength(1);
  expect(script).toContain('$OUTPUT');
  execFileSync('sh', ['-ec', script], {
    cwd: join(root, 'echo-server'),
    env: { ...process.env, ...env, OUTPUT: output },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Build settings recorded in a Go binary, e.g. `GOARM=6`. */
function settings(binary: string): string[] {
  const record = execFileSync('go', ['version', '-m', binary], { encoding: 'utf8' });
  return [...record.matchAll(/^\tbuild\t(.*)$/gm)].map((match) => match[1] ?? '');
}

describe('the Dockerfiles', () => {
  it('end in a stage with one static binary, the user nobody and a health check', () => {
    expect(all(dockerfile, 'ARG')).toContain('GO_IMAGE=arm32v6/golang:alpine');
    expect(all(dockerfile, 'ARG')).toContain('RUNTIME_IMAGE=scratch');
    expect(all(dockerfile, 'FROM').at(-1)).toBe('${RUNTIME_IMAGE}');
    expect(all(dockerfile, 'USER')).toEqual([expect.stringMatching(/^[1-9]\d*:[1-9]\d*$/)]);
    expect(all(dockerfile, 'EXPOSE')).toEqual(['8080']);
    expect(all(dockerfile, 'HEALTHCHECK')).toEqual([expect.stringContaining('"-healthcheck"')]);
  });
});

describe.skipIf(lacking.length > 0)(title('the binary', lacking), () => {
  let folder = '';
  let binary = '';
  const running: ChildProcess[] = [];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'echo-image-'));
    binary = join(folder, 'echo-server');
    build(binary);
  }, 300_000);

  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
  });

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a program on an emulated CPU and waits until it prints its address. */
  async function serve(cpu: string): Promise<{ child: ChildProcess; address: string }> {
    const child = spawn('qemu-arm-static', ['-cpu', cpu, binary, '-listen', '127.0.0.1:0'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    for await (const line of createInterface({ input: child.stderr })) {
      const address = /listens on (\S+)$/.exec(line)?.[1];
      if (address !== undefined) return { child, address };
    }
    throw new Error('the server ended without listening');
  }

  async function fetchText(address: string, path: string): Promise<string> {
    // node:http sends the path unchanged; fetch would normalise it.
    const [host, port] = address.split(':');
    const request = get({ host, port, path, agent: false });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    return (await response.setEncoding('utf8').toArray()).join('');
  }

  it('is at most 5 MB and the only file of the image', () => {
    const copied = all(dockerfile, 'COPY').filter((rest) => rest.includes('--from='));
    expect(copied).toEqual(['--from=build /echo-server /echo-server']);
    expect(statSync(binary).size).toBeLessThanOrEqual(5_000_000);
  });

  it('is a static 32-bit ARM EABI5 program for ARMv6', () => {
    const elf = readFileSync(binary);
    expect(elf.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
    expect(elf[4], '32-bit').toBe(1);
    expect(elf.readUInt16LE(18), 'ARM').toBe(40);
    expect(elf.readUInt32LE(36) >>> 24, 'EABI').toBe(5);
    const [start, size, count] = [elf.readUInt32LE(28), elf.readUInt16LE(42), elf.readUInt16LE(44)];
    const kinds = Array.from({ length: count }, (_, i) => elf.readUInt32LE(start + i * size));
    expect(kinds, 'loadable').toContain(1);
    expect(kinds, 'no dynamic section').not.toContain(2);
    expect(kinds, 'no interpreter').not.toContain(3);
    expect(settings(binary)).toEqual(
      expect.arrayContaining(['GOOS=linux', 'GOARCH=arm', 'GOARM=6', 'CGO_ENABLED=0']),
    );
  });

  it.each(['arm1176', 'cortex-a7'])('answers and stops on a %s', async (cpu) => {
    const { child, address } = await serve(cpu);
    const log = child.stdout?.setEncoding('utf8').toArray();
    const greeting = `This is ${hostname()} running on linux/arm saying: `;
    expect(await fetchText(address, '/Hello!')).toBe(`${greeting}Hello!\n`);
    expect(await fetchText(address, '//a/../b')).toBe(`${greeting}/a/../b\n`);
    const probe = ['-cpu', cpu, binary, '-healthcheck', '-listen'];
    expect(spawnSync('qemu-arm-static', [...probe, address]).status).toBe(0);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    // Not the probe's request.
    expect((await log)?.join('')).toBe(
      'GET /Hello! 200 id=- from=127.0.0.1\nGET //a/../b 200 id=- from=127.0.0.1\n',
    );
    expect(spawnSync('qemu-arm-static', [...probe, address]).status).toBe(1);
  });

  it('would die on a Pi Zero if it were built for ARMv7', () => {
    const trap = join(folder, 'armv7');
    const flags = ['build', '-trimpath', '-ldflags', '-s -w', '-o', trap, '.'];
    const env = { ...process.env, CGO_ENABLED: '0', GOOS: 'linux', GOARCH: 'arm', GOARM: '7' };
    execFileSync('go', flags, { cwd: join(root, 'echo-server'), env });
    const on = (cpu: string) => spawnSync('qemu-arm-static', ['-cpu', cpu, trap, '-h']);
    expect(on('cortex-a7').status).toBe(0);
    expect(on('arm1176').signal ?? on('arm1176').status).toBe('SIGILL');
  }, 300_000);

  it.each([
    { os: 'linux', arch: 'arm', variant: 'v7', expected: ['GOARCH=arm', 'GOARM=6'] },
    { os: 'linux', arch: 'arm', variant: 'v5', expected: ['GOARCH=arm', 'GOARM=5'] },
    { os: 'linux', arch: 'arm64', variant: 'v8', expected: ['GOARCH=arm64'] },
    { os: 'linux', arch: 'amd64', variant: '', expected: ['GOARCH=amd64'] },
  ])(
    'follows buildx to $os/$arch/$variant',
    ({ os, arch, variant, expected }) => {
      const other = join(folder, arch + variant);
      build(other, { TARGETOS: os, TARGETARCH: arch, TARGETVARIANT: variant });
      expect(settings(other)).toEqual(expect.arrayContaining(expected));
      expect(statSync(other).size).toBeLessThanOrEqual(5_000_000);
    },
    120_000,
  );
});
