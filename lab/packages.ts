import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { aptInstall } from '../scripts/lib/apt.mjs';
import { EXIT_USAGE, LabFailure } from './failure';

/** The Debian packages of the lab, each with a program that shows that it is installed. */
const PACKAGES: Record<string, string> = {
  'docker.io': '/usr/bin/docker',
  iproute2: 'ip',
  iptables: 'iptables',
  nftables: 'nft',
  tini: 'tini',
  'docker-registry': 'docker-registry',
  'qemu-user-static': '/usr/libexec/qemu-binfmt/arm-binfmt-P',
  'golang-go': 'go',
};
/** docker.io contains these two as well; an incomplete docker.io is not enough. */
const PROGRAMS = ['dockerd', 'containerd', 'nsenter', 'unshare'];

const PATH = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin'];

function isThere(program: string): boolean {
  return program.startsWith('/')
    ? existsSync(program)
    : PATH.some((directory) => existsSync(join(directory, program)));
}

/** The missing Debian packages of a machine, given which programs and paths exist. */
export function missingPackages(has: (program: string) => boolean = isThere): string[] {
  return Object.keys(PACKAGES).filter((name) => !has(PACKAGES[name] ?? name));
}

/** Describes what this machine lacks to run the lab; undefined if nothing. */
export function obstacles(isRoot: boolean, missing: readonly string[]): string | undefined {
  const packages = missing.join(' ');
  const words = [
    ...(isRoot ? [] : ['root: run it with sudo']),
    ...(missing.length === 0 ? [] : [`the Debian packages ${packages}: run up with --install`]),
  ];
  return words.length === 0 ? undefined : `the lab lacks ${words.join(', and ')}`;
}

/** Throws (exit 2) with what this machine lacks to run a lab; with `install`, installs packages first. */
export async function requireMachine({ install }: { install: boolean }): Promise<void> {
  if (process.platform !== 'linux') {
    throw new LabFailure('the lab needs Linux: it is made of its namespaces', EXIT_USAGE);
  }
  const isRoot = process.getuid?.() === 0;
  const missing = missingPackages();
  const installable = isRoot && install;
  const words = obstacles(isRoot, installable ? [] : missing);
  if (words !== undefined) throw new LabFailure(words, EXIT_USAGE);
  if (missing.length > 0) await installPackages(missing);
  const still = PROGRAMS.filter((program) => !isThere(program));
  if (still.length > 0) throw new LabFailure(`the lab lacks ${still.join(', ')}`, EXIT_USAGE);
}

async function installPackages(packages: readonly string[]): Promise<void> {
  if (!isThere('apt-get')) {
    throw new LabFailure(`no apt-get here; install yourself: ${packages.join(' ')}`, EXIT_USAGE);
  }
  console.error(`lab: installing ${packages.join(' ')} …`);
  const ok = await aptInstall(packages);
  const missing = missingPackages();
  if (!ok || missing.length > 0) {
    throw new LabFailure(`apt-get did not install ${missing.join(' ')}`, EXIT_USAGE);
  }
}
