import { createHash } from 'node:crypto';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { run, tryRun, type Finished } from '../../lab/exec';
import { missingPackages } from './installed.mjs';

const INSTALL = join(import.meta.dirname, 'install.mjs');
const STAMP = 'node_modules/.clusterhat-lock';

// Real npm, while other tests keep the machine busy.
vi.setConfig({ testTimeout: 60_000 });

type Json = Record<string, unknown>;

/** A project of three packages: needed to run, for development, and compiled for this platform. */
const PACKAGES: Record<string, Json> = {
  runtime: {},
  tool: { dev: true },
  'tool-native': { dev: true, optional: true, os: [process.platform], cpu: [process.arch] },
};

/** The registry's archives by package. */
const archives = new Map<string, Buffer>();
/** The lock's entries of these packages. */
const entries: Record<string, Json> = {};

let home: string;
let folder: string;
/** Names of packages that the registry does not have. */
let absent: Set<string>;
let registry: string;

beforeAll(async () => {
  const sources = mkdtempSync(join(tmpdir(), 'clusterhat-packages-'));
  for (const [name, fields] of Object.entries(PACKAGES)) {
    const source = join(sources, name);
    mkdirSync(join(source, 'package'), { recursive: true });
    const { os, cpu } = fields;
    const manifest = {
      name,
      version: '1.0.0',
      os,
      cpu,
      scripts: name === 'runtime' ? { postinstall: 'touch script-ran' } : undefined,
    };
    writeFileSync(join(source, 'package/package.json'), JSON.stringify(manifest));
    await run('tar', ['-czf', join(source, 'archive.tgz'), '-C', source, 'package']);
    const archive = readFileSync(join(source, 'archive.tgz'));
    archives.set(name, archive);
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    entries[`node_modules/${name}`] = { version: '1.0.0', integrity, ...fields };
  }
  (entries['node_modules/tool'] as Json)['optionalDependencies'] = { 'tool-native': '1.0.0' };
  rmSync(sources, { recursive: true });
});

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'clusterhat-install-'));
  folder = join(home, 'project');
  mkdirSync(folder);
  absent = new Set();
  writeProject();
  registry = await startRegistry();
  onTestFinished(() => rmSync(home, { recursive: true }));
});

/** Writes the project, whose lock has all packages. */
function writeProject(): void {
  const root = {
    name: 'project',
    version: '1.0.0',
    dependencies: { runtime: '1.0.0' },
    devDependencies: { tool: '1.0.0' },
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(root));
  writeFileSync(
    join(folder, 'package-lock.json'),
    JSON.stringify({
      name: 'project',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: { '': root, ...entries },
    }),
  );
}

/** Starts the registry on loopback and returns its address. */
async function startRegistry(): Promise<string> {
  const server = createServer((request, response) => {
    const [, name = '', file] = (request.url ?? '').split('/');
    const archive = archives.get(name);
    if (!archive || absent.has(name)) return response.writeHead(404).end();
    if (file) return response.end(archive);
    const entry = entries[`node_modules/${name}`];
    const dist = { tarball: `${registry}${name}/archive.tgz`, integrity: entry?.['integrity'] };
    const versions = { '1.0.0': { ...entry, name, dist } };
    return response.end(JSON.stringify({ name, 'dist-tags': { latest: '1.0.0' }, versions }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Runs `ensureInstalled` in a process, which prints `installed` afterwards. */
function ensureInstalled(env: Record<string, string> = {}): Promise<Finished> {
  const script = `import { ensureInstalled } from ${JSON.stringify(INSTALL)};
    ensureInstalled(${JSON.stringify(folder)});
    console.log('installed');`;
  const settings = Object.entries({
    PATH: process.env['PATH'],
    HOME: home,
    npm_config_cache: join(home, 'cache'),
    npm_config_registry: registry,
    npm_config_fetch_retries: '0',
    npm_config_update_notifier: 'false',
    ...env,
  }).map(([name, value]) => `${name}=${value}`);
  const node = [process.execPath, '--input-type=module', '--eval', script];
  return tryRun('env', ['-i', ...settings, ...node]);
}

/** An `npm` that runs `script`, on a PATH before the real one. */
function fakeNpm(script: string): { PATH: string } {
  const bin = join(home, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(bin, 'npm'), 0o755);
  return { PATH: `${bin}:${process.env['PATH']}` };
}

const INSTALLING = 'clusterhat: installing npm packages (npm ci) …\n';

test('installs once, and prints nothing on stdout', async () => {
  const done = { code: 0, stdout: 'installed\n' };
  expect(await ensureInstalled()).toEqual({ ...done, stderr: expect.stringContaining(INSTALLING) });
  expect(missingPackages(folder)).toEqual([]);
  expect(await ensureInstalled()).toEqual({ ...done, stderr: '' });
});

describe('installs everything and runs no scripts of packages,', () => {
  test.each<[string, Record<string, string>, npmrc: string]>([
    [
      'whatever npmrc leaves out',
      {},
      `omit[]=dev
omit[]=optional
omit[]=peer
ignore-scripts=true
bin-links=false
dry-run=true
install-strategy=linked
legacy-peer-deps=true
`,
    ],
    [
      'whatever the environment leaves out and npmrc permits',
      { NODE_ENV: 'production', npm_config_omit: 'dev' },
      'ignore-scripts=false\n',
    ],
  ])('%s', async (_, env, npmrc) => {
    writeFileSync(join(home, '.npmrc'), npmrc);
    expect(await ensureInstalled(env)).toMatchObject({ code: 0, stdout: 'installed\n' });
    for (const name of Object.keys(PACKAGES)) {
      expect(existsSync(join(folder, 'node_modules', name, 'package.json')), name).toBe(true);
    }
    expect(existsSync(join(folder, 'node_modules/runtime/script-ran'))).toBe(false);
  });
});

describe('ends with exit code 1 and leaves no stamp', () => {
  test('when npm fails; the next run installs', async () => {
    absent.add('runtime');
    const { code, stdout, stderr } = await ensureInstalled();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/\nclusterhat: npm ci failed, see above\.\n$/);
    expect(existsSync(join(folder, STAMP))).toBe(false);
    absent.clear();
    expect(await ensureInstalled()).toMatchObject({ code: 0, stdout: 'installed\n' });
  });

  // npm 10.8.2 does so where the registry cannot be reached.
  test('when npm exits with 0 and has installed nothing', async () => {
    const npm = fakeNpm('mkdir -p node_modules; echo "npm error Exit handler never called!" >&2');
    expect(await ensureInstalled(npm)).toEqual({
      code: 1,
      stdout: '',
      stderr: `${INSTALLING}npm error Exit handler never called!
clusterhat: npm ci left out 3 of the packages in package-lock.json (runtime 1.0.0, tool 1.0.0, tool-native 1.0.0); is the npm registry reachable?
`,
    });
    expect(existsSync(join(folder, STAMP))).toBe(false);
  });

  test('when npm left out the part of a tool that is compiled for this platform', async () => {
    absent.add('tool-native');
    const { code, stderr } = await ensureInstalled();
    expect(code).toBe(1);
    expect(stderr).toContain('left out 1 of the packages in package-lock.json (tool-native 1.0.0)');
    expect(existsSync(join(folder, STAMP))).toBe(false);
  });

  test('when there is no npm', async () => {
    const { code, stderr } = await ensureInstalled({ PATH: home });
    expect(code).toBe(1);
    expect(stderr).toBe(`${INSTALLING}clusterhat: npm could not be run (spawnSync npm ENOENT).\n`);
  });
});

test('installs again after a package, its version, the lock or the whole folder has changed', async () => {
  const changes = {
    'a missing package': () => rmSync(join(folder, 'node_modules/tool'), { recursive: true }),
    'another version': () =>
      writeFileSync(join(folder, 'node_modules/tool/package.json'), '{"version":"0.9.0"}'),
    'a changed lock': () =>
      writeFileSync(join(folder, 'package-lock.json'), `${read('package-lock.json')}\n`),
    'a missing folder': () => rmSync(join(folder, 'node_modules'), { recursive: true }),
  };
  await ensureInstalled();
  for (const [what, change] of Object.entries(changes)) {
    change();
    // oxlint-disable-next-line no-await-in-loop -- all changes are to one folder
    expect(await ensureInstalled(), what).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(INSTALLING),
    });
    expect(missingPackages(folder), what).toEqual([]);
  }
});

test('a broken lock ends with exit code 2 before npm is run', async () => {
  rmSync(join(folder, 'package-lock.json'));
  const { code, stderr } = await ensureInstalled(fakeNpm('echo npm was run >&2'));
  expect(code).toBe(2);
  expect(stderr).toMatch(/^clusterhat: package-lock\.json is not whole \(1\):\n/);
  expect(stderr).not.toContain('npm was run');
});

/** A package for another platform, C library or Node.js, or that a script may have failed for. */
test.each<[string, Json]>([
  ['another system', { os: ['sunos'] }],
  ['every system but this one', { os: [`!${process.platform}`] }],
  ['another processor', { os: [process.platform], cpu: ['s390x-other'] }],
  ['another C library', { os: [process.platform], libc: ['other'] }],
  ['another Node.js', { os: [process.platform], engines: { node: '<20' } }],
  ['no system in particular', {}],
])('an optional package for %s may be missing', (_, fields) => {
  const packages = { 'node_modules/extra': { version: '1.0.0', optional: true, ...fields } };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages }));
  expect(missingPackages(folder)).toEqual([]);
});

const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
