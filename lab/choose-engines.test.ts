import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { DebianPackages } from './debian-root';
import { chooseEngines } from './engine-programs';
import { LabFailure } from './failure';

const mirror = vi.hoisted(() => ({ cache: '', suites: new Map<string, string>(), downloads: 0 }));

vi.mock('./layout', () => ({
  get CACHE_DIR() {
    return mirror.cache;
  },
  isAnotherLab: () => false,
}));

vi.mock('./debian-root', () => ({
  SUITES: ['bullseye', 'bookworm', 'trixie', 'sid'],
  unpackPackages: async ({ suite }: DebianPackages, folder: string) => {
    mirror.downloads += 1;
    const version = mirror.suites.get(suite);
    if (version === undefined) throw new LabFailure(`Debian ${suite} cannot be downloaded`);
    program(join(folder, 'usr/sbin'), 'dockerd', version);
    program(join(folder, 'usr/sbin'), 'docker-proxy', '');
    program(join(folder, 'usr/bin'), 'containerd', '');
    program(join(folder, 'usr/bin'), 'containerd-shim-runc-v2', '');
  },
}));

/** A program that prints a version, or ends with an error if that is empty. */
function program(folder: string, name: string, version: string): void {
  mkdirSync(folder, { recursive: true });
  const text = version
    ? `echo "Docker version ${version}, build x"`
    : 'echo "version GLIBC_9.99 not found" >&2; exit 1';
  writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
}

let folder = '';
const printed = () => vi.mocked(console.error).mock.calls.join('\n');

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lab-engines-'));
  mirror.cache = join(folder, 'cache');
  mirror.downloads = 0;
  mirror.suites = new Map([
    ['bullseye', '20.10.5+dfsg1'],
    ['trixie', '26.1.5+dfsg1'],
    ['sid', '28.5.2+dfsg4'],
  ]);
  program(join(folder, 'bin'), 'dockerd', '20.10.24+dfsg1');
  vi.stubEnv('PATH', `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`);
  vi.spyOn(console, 'error').mockReturnValue();
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('a newer manager gets workers with the machine’s own engine', async () => {
  const { manager, workers } = await chooseEngines('trixie', undefined);
  expect(manager).toEqual({
    version: '26.1.5',
    folder: join(mirror.cache, 'engine-trixie-26.1.5'),
  });
  expect(workers).toBeUndefined();
  expect(readdirSync(manager?.folder ?? '').sort()).toEqual([
    'containerd',
    'containerd-shim-runc-v2',
    'docker-proxy',
    'dockerd',
  ]);
  expect(readdirSync(mirror.cache)).toEqual(['engine-trixie-26.1.5']);
});

it('an older manager gets workers with its own engine, unless others are requested', async () => {
  const { manager, workers } = await chooseEngines('bullseye', undefined);
  expect([manager?.version, workers?.version]).toEqual(['20.10.5', '20.10.5']);
  const mixed = await chooseEngines('bullseye', 'own');
  expect([mixed.manager?.version, mixed.workers]).toEqual(['20.10.5', undefined]);
  const newer = await chooseEngines('own', 'bullseye');
  expect([newer.manager, newer.workers?.version]).toEqual([undefined, '20.10.5']);
  // Downloaded once.
  expect(mirror.downloads).toBe(1);
});

it('the newest engine is sid’s', async () => {
  expect((await chooseEngines('newest', undefined)).manager?.version).toBe('28.5.2');
});

it.each([
  ['cannot be downloaded', undefined],
  ['does not run on this machine: version GLIBC_9.99 not found', ''],
])('where sid’s engine %s, the newest is trixie’s, and that is printed', async (why, version) => {
  if (version === undefined) mirror.suites.delete('sid');
  else mirror.suites.set('sid', version);
  expect((await chooseEngines('newest', undefined)).manager?.version).toBe('26.1.5');
  expect(printed()).toContain(why);
  expect(printed()).toContain("lab: trixie's instead of sid's");
  await expect(chooseEngines('sid', undefined)).rejects.toThrow(why);
  expect(readdirSync(mirror.cache)).toEqual(['engine-trixie-26.1.5']);
});

it('sid’s engine is downloaded again after a day, and the earlier one kept if that fails', async () => {
  await chooseEngines('sid', 'sid');
  expect(mirror.downloads).toBe(1);
  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  const age = (version: string) =>
    utimesSync(join(mirror.cache, `engine-sid-${version}`), yesterday, yesterday);
  age('28.5.2');
  mirror.suites.set('sid', '29.1.0+dfsg1');
  expect((await chooseEngines('sid', undefined)).manager?.version).toBe('29.1.0');
  expect(readdirSync(mirror.cache)).toEqual(['engine-sid-29.1.0']);
  age('29.1.0');
  mirror.suites.delete('sid');
  expect((await chooseEngines('newest', undefined)).manager?.version).toBe('29.1.0');
  expect(printed()).toContain("29.1.0 of an earlier download instead of today's");
});
