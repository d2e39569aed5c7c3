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
  /** This machine's own by default. */
  architecture?: 'armhf';
  /** With all that they depend on, for a program that runs with the folder as its root. */
  dependencies?: boolean;
}

/**
 * A folder with the packages unpacked, nothing of which is installed. Downloaded once from the mirror that
 * this machine's own apt uses, with package lists of its own, so that nothing of the machine changes.
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
  // What the package base-files would bring: programs name their loader as /lib/….
  for (const directory of ['bin', 'lib', 'sbin']) {
    if (!existsSync(join(root, directory))) symlinkSync(`usr/${directory}`, join(root, directory));
  }
  renameSync(root, folder);
  rmSync(work, { recursive: true });
  return folder;
}

/** Debian's own mirror, of those that this machine's apt sources name. */
async function mirror(): Promise<string> {
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const uris = (await run('apt-get', targets)).split('\n');
  const found = uris.find((uri) => /\/debian\/?$/.test(uri));
  if (found === undefined) throw new LabFailure("apt's sources name no mirror of Debian's");
  return found;
}
