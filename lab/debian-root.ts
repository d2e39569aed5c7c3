import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run } from './exec';
import { LabFailure } from './failure';
import { CACHE_DIR } from './layout';

/** Debian packages of another release or for another processor. */
export interface DebianPackages {
  suite: 'trixie';
  packages: readonly string[];
  /** This machine's by default. */
  architecture?: 'armhf';
  /** Includes dependencies, for a program that runs with the folder as its root. */
  dependencies?: boolean;
}

/**
 * A folder with the unpacked packages, which are not installed. Downloaded once from the mirror of this
 * machine's apt, with separate package lists, so that the machine stays unchanged.
 */
export async function debianRoot({
  suite,
  packages,
  architecture,
  dependencies = false,
}: DebianPackages): Promise<string> {
  const name = ['debian', suite, architecture ?? 'own', ...packages].join('-');
  const folder = join(CACHE_DIR, name);
  if (existsSync(folder)) return folder;
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  for (const part of ['lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(join(work, part), { recursive: true });
  }
  writeFileSync(join(work, 'status'), '');
  const keys = '/usr/share/keyrings/debian-archive-keyring.gpg';
  const source = `deb [signed-by=${keys}] ${await mirror()} ${suite} main\n`;
  writeFileSync(join(work, 'sources.list'), source);
  const settings = [
    `Dir::Etc::SourceList=${work}/sources.list`,
    'Dir::Etc::SourceParts=/dev/null',
    `Dir::State::Lists=${work}/lists`,
    `Dir::State::status=${work}/status`,
    `Dir::Cache=${work}/cache`,
    'APT::Install-Recommends=false',
    // Root's files, in a folder that apt's own user cannot read.
    'APT::Sandbox::User=root',
    ...(architecture
      ? [`APT::Architecture=${architecture}`, `APT::Architectures=${architecture}`]
      : []),
  ].flatMap((setting) => ['-o', setting]);
  await run('apt-get', ['-qq', ...settings, 'update']);
  const archives = join(work, 'cache/archives');
  if (dependencies) {
    const install = ['--yes', '--download-only', 'install', ...packages];
    await run('apt-get', ['-qq', ...settings, ...install]);
  } else {
    // apt-get downloads into the working directory.
    const into = ['-c', 'cd "$1"; shift; exec apt-get "$@"', 'sh', archives];
    await run('sh', [...into, '-qq', ...settings, 'download', ...packages]);
  }
  const root = join(work, 'root');
  for (const archive of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    await run('dpkg-deb', ['--extract', join(archives, archive), root]);
  }
  // As in the package base-files: programs refer to their loader as /lib/….
  for (const directory of ['bin', 'lib', 'sbin']) {
    if (!existsSync(join(root, directory))) symlinkSync(`usr/${directory}`, join(root, directory));
  }
  renameSync(root, folder);
  rmSync(work, { recursive: true });
  return folder;
}

/** The Debian mirror of this machine's apt sources. */
async function mirror(): Promise<string> {
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const uris = (await run('apt-get', targets)).split('\n');
  const found = uris.find((uri) => /\/debian\/?$/.test(uri));
  if (found === undefined) throw new LabFailure("apt's sources name no mirror of Debian's");
  return found;
}
