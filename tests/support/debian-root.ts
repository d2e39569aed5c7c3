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
import { run } from '../../lab/exec';
import { CACHE_DIR } from '../../lab/layout';

/** Debian packages of another release or processor, unpacked and not installed. */
export interface DebianRoot {
  suite: 'trixie';
  architecture: 'armhf';
  packages: readonly string[];
}

/**
 * A folder with the packages and all that they depend on, for programs to be run with it as their root
 * (`qemu-arm -L`). Downloaded once from the mirror that this machine's own apt uses, with lists of its
 * own, so that nothing of the machine's package management changes. Needs apt-get and dpkg-deb.
 */
export async function debianRoot({ suite, architecture, packages }: DebianRoot): Promise<string> {
  const folder = join(CACHE_DIR, `debian-${suite}-${architecture}-${packages.join('-')}`);
  if (existsSync(folder)) return folder;
  const work = `${folder}.new`;
  rmSync(work, { recursive: true, force: true });
  for (const part of ['lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(join(work, part), { recursive: true });
  }
  writeFileSync(join(work, 'status'), '');
  writeFileSync(join(work, 'sources.list'), `deb ${await mirror()} ${suite} main\n`);
  const options = {
    'Dir::State::Lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::Cache': join(work, 'cache'),
    'Dir::Etc::SourceList': join(work, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'APT::Architecture': architecture,
    'APT::Architectures': architecture,
    'APT::Install-Recommends': 'false',
    // Root's files in a folder that apt's own user cannot read.
    'APT::Sandbox::User': 'root',
  };
  const apt = (...args: string[]) =>
    run('apt-get', [
      ...Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]),
      '-qq',
      '--yes',
      ...args,
    ]);
  await apt('update');
  await apt('--download-only', 'install', ...packages);
  const archives = join(work, 'cache/archives');
  const root = join(work, 'root');
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    await run('dpkg-deb', ['--extract', join(archives, name), root]);
  }
  // What the package base-files would bring: programs name their loader as /lib/….
  for (const name of ['bin', 'lib', 'sbin']) {
    if (!existsSync(join(root, name))) symlinkSync(`usr/${name}`, join(root, name));
  }
  renameSync(root, folder);
  rmSync(work, { recursive: true });
  return folder;
}

/** The first mirror of this machine's own apt sources. */
async function mirror(): Promise<string> {
  const uris = await run('apt-get', [
    'indextargets',
    '--format',
    '$(REPO_URI)',
    'Created-By: Packages',
  ]);
  const [first] = uris.trim().split('\n');
  if (!first) throw new Error('apt has no sources on this machine');
  return first;
}
