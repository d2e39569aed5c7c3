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
import { run, tryRun } from './exec';
import { LabFailure } from './failure';
import { CACHE_DIR } from './layout';

/** Debian's suites, oldest first. */
export const SUITES = ['bullseye', 'bookworm', 'trixie', 'sid'] as const;
/** See the list. */
export type Suite = (typeof SUITES)[number];

/** Debian packages of another release or for another processor. */
export interface DebianPackages {
  suite: Suite;
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
export async function debianRoot(wanted: DebianPackages): Promise<string> {
  const name = ['debian', wanted.suite, wanted.architecture ?? 'own', ...wanted.packages].join('-');
  const folder = join(CACHE_DIR, name);
  if (!existsSync(folder)) await unpackPackages(wanted, folder);
  return folder;
}

/** Downloads packages and unpacks them into a new folder. */
export async function unpackPackages(
  { suite, packages, architecture, dependencies = false }: DebianPackages,
  folder: string,
): Promise<void> {
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
  await update(suite, settings);
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
}

/** Downloads the suite's package lists. */
async function update(suite: Suite, settings: readonly string[]): Promise<void> {
  // Without the option, apt-get only warns when it could not download a list.
  const strict = ['-o', 'APT::Update::Error-Mode=any'];
  const { code, stdout, stderr } = await tryRun('apt-get', [
    '-qq',
    ...strict,
    ...settings,
    'update',
  ]);
  if (code === 0) return;
  const reasons = `${stderr}\n${stdout}`.split('\n').filter((line) => /^[EW]:/.test(line));
  throw new LabFailure(
    `Debian ${suite} cannot be downloaded from this machine's mirror:\n${reasons.join('\n')}`,
  );
}

/** The Debian mirror of this machine's apt sources. */
async function mirror(): Promise<string> {
  const targets = ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'];
  const uris = (await run('apt-get', targets)).split('\n');
  const found = uris.find((uri) => /\/debian\/?$/.test(uri));
  if (found === undefined) throw new LabFailure("apt's sources name no mirror of Debian's");
  return found;
}
