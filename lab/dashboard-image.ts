import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dockerOutput } from './docker';
import { push } from './echo';
import { run, tryRun } from './exec';
import { CACHE_DIR, REPO_DIR } from './layout';
import type { LabState } from './state';

/** Stands for node:22-slim where the dashboard is built: Node.js, npm, a shell, and what npm ci asks for. */
const BUILD_IMAGE = 'clusterhat-lab/node-build';

/** Stands for node:22-slim where it runs: Node.js and its libraries. */
const RUNTIME_IMAGE = 'clusterhat-lab/node';

/** The dashboard's image in the lab, pulled by the nodes under this plain name. */
export const DASHBOARD_IMAGE = 'carmeloc/clusterhat-dashboard:1.0';

/** Where npm's cache lies in the build image. */
const NPM_CACHE = 'npm-cache';

/**
 * Builds `Dockerfile.dashboard` on ctrl, all of its own steps, without any network, and pushes the image
 * to the lab's registry. The base images are made from this machine's Node.js and from what npm ci
 * downloads here, since nothing can be pulled there.
 */
export async function pushDashboard(state: LabState, tag = DASHBOARD_IMAGE): Promise<void> {
  const cache = await fillNpmCache();
  await importImage(BUILD_IMAGE, await packBuild(cache), [
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'HOME=/root',
    'npm_config_offline=true',
    `npm_config_cache=/${NPM_CACHE}`,
    `npm_config_registry=${(await run('npm', ['config', 'get', 'registry'])).trim()}`,
  ]);
  await importImage(RUNTIME_IMAGE, await packRuntime(), ['PATH=/usr/local/bin:/usr/bin:/bin']);
  await dockerOutput('ctrl', [
    ...['build', '--network', 'none', '--file', join(REPO_DIR, 'Dockerfile.dashboard')],
    ...[
      '--build-arg',
      `BUILD_IMAGE=${BUILD_IMAGE}`,
      '--build-arg',
      `RUNTIME_IMAGE=${RUNTIME_IMAGE}`,
    ],
    ...['--tag', tag, REPO_DIR],
  ]);
  await push(state, tag);
}

/** Imports an archive under a name, unless that very archive is there already under it. */
async function importImage(name: string, archive: string, env: readonly string[]): Promise<void> {
  const mark = `clusterhat.archive=${archive}`;
  const look = ['image', 'ls', '--quiet', '--filter', `label=${mark}`, name];
  if ((await dockerOutput('ctrl', look)).trim() !== '') return;
  const change = ['--change', `ENV ${env.join(' ')}`, '--change', `LABEL ${mark}`];
  await dockerOutput('ctrl', ['import', ...change, archive, name]);
}

/** A cache from which `npm ci` can install this lock file offline; made once per lock file. */
async function fillNpmCache(): Promise<string> {
  const files = ['package.json', 'package-lock.json', '.npmrc'];
  const digest = createHash('sha256');
  for (const file of files) digest.update(readFileSync(join(REPO_DIR, file)));
  const cache = join(CACHE_DIR, `npm-${digest.digest('hex').slice(0, 16)}`);
  if (existsSync(cache)) return cache;
  mkdirSync(CACHE_DIR, { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-npm-'));
  try {
    for (const file of files) copyFileSync(join(REPO_DIR, file), join(folder, file));
    const install = ['ci', '--ignore-scripts', '--cache', join(folder, NPM_CACHE)];
    await run('npm', [...install, '--prefix', folder]);
    await run('cp', ['-R', join(folder, NPM_CACHE), `${cache}.new`]);
    renameSync(`${cache}.new`, cache);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return cache;
}

/** Node.js at /usr/local/bin/node, as in the official image, with the libraries that it is linked to. */
async function packRuntime(): Promise<string> {
  return pack(`node-${process.version}`, async (archive) => {
    const files = [process.execPath, ...(await librariesOf([process.execPath]))];
    await packFiles(archive, files);
  });
}

/** The same with npm, the tools that the Dockerfile's steps use, and npm's cache. */
async function packBuild(cache: string): Promise<string> {
  const npm = dirname(dirname((await run('realpath', [await which('npm')])).trim()));
  return pack(`${cache.slice(CACHE_DIR.length + 1)}-node-${process.version}`, async (archive) => {
    const words = ['sh', 'cat', 'cp', 'env', 'find', 'mkdir', 'mv', 'rm'];
    const tools = await Promise.all(words.map(which));
    const files = [
      process.execPath,
      ...tools,
      ...(await librariesOf([process.execPath, ...tools])),
    ];
    await packFiles(archive, files);
    // npm is found by its link's target, so links stay links here.
    await run('tar', ['-rf', archive, '-C', '/', relative(npm)]);
    const link = mkdtempSync(join(tmpdir(), 'clusterhat-npm-'));
    try {
      mkdirSync(join(link, 'usr/local/bin'), { recursive: true });
      await run('ln', ['-s', join(npm, 'bin/npm-cli.js'), join(link, 'usr/local/bin/npm')]);
      await run('tar', ['-rf', archive, '-C', link, 'usr/local/bin/npm']);
    } finally {
      rmSync(link, { recursive: true, force: true });
    }
    const renamed = `--transform=s,^,${NPM_CACHE}/,`;
    await run('tar', ['-rf', archive, '-C', cache, renamed, '.']);
  });
}

/** Makes an archive once; half of one is never left under its name. */
async function pack(name: string, make: (archive: string) => Promise<void>): Promise<string> {
  const archive = join(CACHE_DIR, `${name}.tar`);
  if (!existsSync(archive)) {
    mkdirSync(CACHE_DIR, { recursive: true });
    await make(`${archive}.new`);
    renameSync(`${archive}.new`, archive);
  }
  return archive;
}

/** The files under their own names, Node.js under the official image's, and an empty /tmp. */
async function packFiles(archive: string, files: readonly string[]): Promise<void> {
  const node = `--transform=s,^${relative(process.execPath)}$,usr/local/bin/node,`;
  const list = [...files.map(relative), 'tmp'];
  await run('tar', ['-C', '/', '--no-recursion', '-chf', archive, node, ...list]);
}

function relative(path: string): string {
  return path.slice(1);
}

async function which(command: string): Promise<string> {
  return (await run('which', [command])).trim();
}

async function librariesOf(binaries: readonly string[]): Promise<string[]> {
  // ldd ends with 1 when one of them is static; the others' lines are there all the same.
  const linked = await tryRun('ldd', binaries);
  return [
    ...new Set([...linked.stdout.matchAll(/(\/\S+) \(0x/g)].flatMap((match) => match[1] ?? [])),
  ];
}
