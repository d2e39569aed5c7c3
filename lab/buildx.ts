import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './exec';
import { LabFailure } from './failure';
import { CACHE_DIR } from './layout';

/** The first Debian that has buildx; its program runs on older ones. */
const SUITE = 'trixie';

/** Where Debian's package puts the plug-in. */
const PLUGIN = 'usr/libexec/docker/cli-plugins/docker-buildx';

/**
 * Gives a folder for DOCKER_CONFIG with buildx in it, from Debian's mirror: downloaded once with a package
 * list of its own and unpacked, so that nothing of this machine changes.
 */
export async function buildxConfig(): Promise<string> {
  const config = join(CACHE_DIR, 'buildx');
  const plugins = join(config, 'cli-plugins');
  if (existsSync(join(plugins, 'docker-buildx'))) return config;
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-buildx-'));
  try {
    const plugin = await download(folder);
    mkdirSync(plugins, { recursive: true });
    copyFileSync(plugin, join(plugins, 'docker-buildx.new'));
    renameSync(join(plugins, 'docker-buildx.new'), join(plugins, 'docker-buildx'));
    return config;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function download(folder: string): Promise<string> {
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const mirror = (await run('apt-get', targets))
    .split('\n')
    .find((uri) => /\/debian\/?$/.test(uri));
  if (mirror === undefined) throw new LabFailure("apt's sources name no mirror of Debian's");
  for (const name of ['lists/partial', 'cache/archives/partial']) {
    mkdirSync(join(folder, name), { recursive: true });
  }
  writeFileSync(join(folder, 'status'), '');
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  writeFileSync(join(folder, 'sources'), `deb [signed-by=${keys}] ${mirror} ${SUITE} main\n`);
  const own = [
    `Dir::Etc::SourceList=${folder}/sources`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${folder}/lists`,
    `Dir::State::status=${folder}/status`,
    `Dir::Cache=${folder}/cache`,
    'APT::Sandbox::User=root',
  ].flatMap((setting) => ['-o', setting]);
  await run('apt-get', ['-qq', ...own, 'update']);
  const into = ['-c', 'cd "$1"; shift; exec apt-get "$@"', 'sh', folder];
  await run('sh', [...into, '-qq', ...own, 'download', 'docker-buildx']);
  const archive = readdirSync(folder).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new LabFailure('apt-get downloaded no docker-buildx');
  await run('dpkg-deb', ['--extract', join(folder, archive), join(folder, 'unpacked')]);
  return join(folder, 'unpacked', PLUGIN);
}
