import { copyFileSync, existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { run, tryRun } from '../../lab/exec';
import { isNative, namesCheckout } from '../../scripts/lib/build.mjs';
import { filesOf } from '../../scripts/lib/files.mjs';
import { freePort } from '../e2e/support/dashboard';
import { bareEnvironment, makeRelease, start, temporaryFolder, unpack } from './release';

/** What `npm run release` makes, and what people do with it: npx, an installation, unpacking. */

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
let archive: string;

beforeAll(async () => {
  archive = await makeRelease();
});

describe('the archive', () => {
  test('is named after the version and has at most 12 MB', () => {
    expect(archive).toMatch(new RegExp(`/clusterhat-swarm-${version}\\.tgz$`));
    expect(statSync(archive).size).toBeLessThanOrEqual(12e6);
  });

  test('has no dependencies and no install scripts', async () => {
    const folder = await unpack(archive);
    const json: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(json).toMatchObject({ version, bin: { clusterhat: 'bin/clusterhat.mjs' } });
    for (const field of ['dependencies', 'devDependencies', 'optionalDependencies', 'scripts']) {
      expect(json).not.toHaveProperty(field);
    }
  });

  test('has no native code, no links and no path of the build machine', async () => {
    const folder = await unpack(archive);
    const files = filesOf(folder);
    expect(files.filter((file) => isNative(join(folder, file)))).toEqual([]);
    expect(files.filter((file) => !lstatSync(join(folder, file)).isFile())).toEqual([]);
    const leaks = files.filter((file) => namesCheckout(readFileSync(join(folder, file), 'utf8')));
    expect(leaks.filter((file) => /^(bin|demo|server)\//.test(file))).toEqual([]);
  });

  test('has each chunk of the server once, 3.3 MB in all: a server that has answered every route holds them', async () => {
    const chunks = join(await unpack(archive), 'server/.next/server/chunks');
    const contents = filesOf(chunks)
      .filter((file) => file.endsWith('.js'))
      // Without the comment that has the chunk's own name.
      .map((file) => readFileSync(join(chunks, file), 'utf8').replace(/\n\/\/# [^\n]*\s*$/, ''));
    expect(new Set(contents).size).toBe(contents.length);
    expect(Buffer.byteLength(contents.join(''))).toBeLessThanOrEqual(3.3e6);
  });

  test('contains the sources of both images and the deployment', async () => {
    const folder = await unpack(archive);
    for (const path of [
      'Dockerfile.dashboard',
      'Dockerfile.echo.arm',
      'echo-server/go.mod',
      'deploy/stack.yml',
      'deploy/stack.socket-proxy.yml',
      'deploy/socket-proxy.cfg',
      'README.md',
      'CHANGELOG.md',
      'LICENSE',
      'docs/install.md',
    ]) {
      expect(existsSync(join(folder, path)), path).toBe(true);
    }
  });
});

/** Five nodes, and a scale that reaches the page's data. */
async function expectFiveNodesAndScale(url: string): Promise<void> {
  const html = await (await fetch(url)).text();
  expect(new Set(html.match(/data-node="[^"]+"/g)).size).toBe(5);
  const scaled = await fetch(`${url}/api/services/goweb/scale`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"replicas":4}',
  });
  expect(scaled.status).toBe(202);
  await expect
    .poll(
      async () => {
        const { view } = (await (await fetch(`${url}/api/swarm`)).json()) as {
          view: { services: { name: string; running: number }[] };
        };
        return view.services.find(({ name }) => name === 'goweb')?.running;
      },
      { timeout: 60_000 },
    )
    .toBe(4);
}

const ADDRESS = /clusterhat \S+: (http:\S+)/;

test('npx runs it from the archive, with an empty cache and no network', async () => {
  const home = temporaryFolder();
  copyFileSync(archive, join(home, basename(archive)));
  const spec = `./${basename(archive)}`;
  const { printed } = start('npx', ['--yes', spec, '--demo', `--port=${await freePort()}`], {
    cwd: home,
    env: {
      ...bareEnvironment(home),
      npm_config_cache: join(home, 'cache'),
      npm_config_offline: 'true',
    },
  });
  const [, url = ''] = await printed(ADDRESS);
  await expectFiveNodesAndScale(url);
});

test('an installation has the command, and SIGTERM ends it with exit code 0', async () => {
  const home = temporaryFolder();
  const env = { ...bareEnvironment(home), npm_config_cache: join(home, 'cache') };
  const settings = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  await run('env', ['-i', ...settings, 'npm', 'install', '--offline', '--prefix', home, archive]);
  const command = join(home, 'node_modules/.bin/clusterhat');
  const { printed, stop } = start(command, ['--demo'], {
    env: { ...env, PORT: String(await freePort()) },
    cwd: home,
  });
  const [, url = ''] = await printed(ADDRESS);
  await expectFiveNodesAndScale(url);
  expect(await stop()).toBe(0);
  await expect(fetch(`${url}/healthz`)).rejects.toThrow(/fetch failed/);
});

test('prints the version and the help without starting anything', async () => {
  const command = join(await unpack(archive), 'bin/clusterhat.mjs');
  expect(await tryRun(process.execPath, [command, '--version'])).toMatchObject({
    code: 0,
    stdout: `${version}\n`,
  });
  const help = await tryRun(process.execPath, [command, '--help']);
  expect(help.code).toBe(0);
  expect(help.stdout).toMatch(/^usage: clusterhat \[options\]/);
});

test('rejects an older Node.js with a message', async () => {
  const folder = await unpack(archive);
  const old = `Object.defineProperty(process, 'version', { value: 'v20.18.3' });
    Object.defineProperty(process.versions, 'node', { value: '20.18.3' });`;
  const refused = await tryRun(process.execPath, [
    '--import',
    `data:text/javascript,${encodeURIComponent(old)}`,
    join(folder, 'bin/clusterhat.mjs'),
    '--version',
  ]);
  expect(refused).toEqual({
    code: 2,
    stdout: '',
    stderr: 'clusterhat: needs Node.js 20.19 or newer, this is v20.18.3.\n',
  });
});
