import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importImage, importNode, NODE_RENAMED, pack, packPrograms, relative } from './base-images';
import { dockerOutput } from './docker';
import { run } from './exec';
import { addressesOf, REGISTRY_PORT, REPO_DIR } from './layout';
import type { LabState } from './state';

/** Replaces node:22-slim in the build stage: Node.js, npm, a shell, and what npm ci needs. */
const BUILD_IMAGE = 'clusterhat-lab/node-build';

/** Replaces node:22-slim in the final stage: Node.js and its libraries. */
const RUNTIME_IMAGE = 'clusterhat-lab/node';

/** The dashboard's image in the lab, pulled by the nodes under this plain name. */
export const DASHBOARD_IMAGE = 'carmeloc/clusterhat-dashboard:1.0';

/** Path of npm's cache in the build image. */
const NPM_CACHE = 'npm-cache';

/**
 * Builds `Dockerfile.dashboard` on ctrl, with all its steps but without network, and pushes the image
 * to the lab's registry. The base images are made from this machine's Node.js and from what npm ci
 * downloads here, because ctrl cannot pull.
 */
export async function pushDashboard(state: LabState, tag = DASHBOARD_IMAGE): Promise<void> {
  const env = [
    'PATH=/usr/local/bin:/usr/bin:/bin',
    'HOME=/root',
    'npm_config_offline=true',
    `npm_config_cache=/${NPM_CACHE}`,
    `npm_config_registry=${(await run('npm', ['config', 'get', 'registry'])).trim()}`,
  ];
  await importImage('ctrl', BUILD_IMAGE, await packBuild(), [`ENV ${env.join(' ')}`]);
  await importNode('ctrl', RUNTIME_IMAGE);
  const bases = { BUILD_IMAGE, RUNTIME_IMAGE };
  const given = Object.entries(bases).flatMap(([arg, base]) => ['--build-arg', `${arg}=${base}`]);
  const source = ['--network', 'none', '--file', join(REPO_DIR, 'Dockerfile.dashboard'), REPO_DIR];
  await dockerOutput('ctrl', ['build', ...given, '--tag', tag, ...source]);
  const remote = `${addressesOf(state.prefix).registry}:${REGISTRY_PORT}/${tag}`;
  await dockerOutput('ctrl', ['tag', tag, remote]);
  await dockerOutput('ctrl', ['push', '--quiet', remote]);
}

/** Node.js with npm, the tools that the Dockerfile's steps use, and a cache to install from offline. */
function packBuild(): Promise<string> {
  const lock = ['package.json', 'package-lock.json', '.npmrc'];
  const digest = createHash('sha256');
  for (const file of lock) digest.update(readFileSync(join(REPO_DIR, file)));
  const name = `node-build-${process.version}-${digest.digest('hex').slice(0, 16)}`;
  return pack(name, async (archive) => {
    const folder = mkdtempSync(join(tmpdir(), 'clusterhat-npm-'));
    const append = (...args: string[]) => run('tar', ['-rf', archive, '-C', ...args]);
    try {
      for (const file of lock) copyFileSync(join(REPO_DIR, file), join(folder, file));
      const cache = join(folder, NPM_CACHE);
      await run('npm', ['ci', '--ignore-scripts', '--cache', cache, '--prefix', folder]);
      const tools = ['sh', 'cat', 'cp', 'env', 'find', 'ls', 'mkdir', 'mv', 'rm'];
      const programs = [...tools.map((tool) => `/bin/${tool}`), '/usr/bin/env'];
      const modules = join(folder, 'node_modules');
      const addons = readdirSync(modules, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.node'))
        .map((file) => join(modules, file));
      await packPrograms(archive, [process.execPath, ...programs], {
        renamed: NODE_RENAMED,
        addons,
      });
      await append(folder, NPM_CACHE);
      // npm finds its files relative to the target of its link, so the link is kept.
      const npm = join(realpathSync((await run('which', ['npm'])).trim()), '../..');
      await append('/', relative(npm));
      symlinkSync(join(npm, 'bin/npm-cli.js'), join(folder, 'npm'));
      await append(folder, '--transform=s,^,usr/local/bin/,S', 'npm');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
