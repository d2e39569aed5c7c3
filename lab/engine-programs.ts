import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Suite, SUITES, unpackPackages } from './debian-root';
import { LabFailure, messageOf } from './failure';
import { CACHE_DIR, isAnotherLab } from './layout';

/** What `--engine` and `--workers` accept: this machine's own engine, a suite's, or Debian's newest. */
export const ENGINES = ['own', ...SUITES, 'newest'] as const;
/** One of `ENGINES`. */
export type EngineName = (typeof ENGINES)[number];

/** Whether a word from the command line names an engine. */
export function isEngineName(word: string): word is EngineName {
  return (ENGINES as readonly string[]).includes(word);
}

/** Another engine than the machine's own: a folder with its programs. */
export const EnginePrograms = z.object({ version: z.string(), folder: z.string() });
/** Type of the schema. */
export type EnginePrograms = z.infer<typeof EnginePrograms>;

/** What a node runs: other programs, or (undefined) the machine's own. */
export interface LabEngines {
  manager: EnginePrograms | undefined;
  workers: EnginePrograms | undefined;
}

/**
 * The programs that are mounted over the machine's own. Its runc and tini serve every engine; a newer
 * runc may need a newer C library.
 */
const PROGRAMS = ['dockerd', 'docker-proxy', 'containerd', 'containerd-shim-runc-v2'];

/** Sid changes daily: a cached engine older than this (ms) is downloaded again. */
const SID_MAX_AGE_MS = 24 * 3_600_000;

/**
 * Downloads what the names stand for. The workers run `workers`; by default the machine's own engine, as
 * the Zeros of a ClusterHAT run an older one, unless that is newer than the manager's, which Docker
 * does not support.
 */
export async function chooseEngines(
  manager: EngineName,
  workers: EngineName | undefined,
): Promise<LabEngines> {
  const chosen = await programsOf(manager);
  if (workers !== undefined) return { manager: chosen, workers: await programsOf(workers) };
  const tooNew = chosen && isNewer(versionOf('dockerd'), chosen.version);
  return { manager: chosen, workers: tooNew ? chosen : undefined };
}

async function programsOf(name: EngineName): Promise<EnginePrograms | undefined> {
  if (name === 'own') return undefined;
  if (name !== 'newest') return suitePrograms(name);
  try {
    return await suitePrograms('sid');
  } catch (error) {
    console.error(`lab: ${messageOf(error)}`);
    console.error(
      "lab: trixie's instead of sid's, which cannot be downloaded or does not run here",
    );
    return suitePrograms('trixie');
  }
}

async function suitePrograms(suite: Suite): Promise<EnginePrograms> {
  const cached = cachedPrograms(suite);
  const fresh = suite !== 'sid' || (cached !== undefined && isFresh(cached.folder));
  if (cached !== undefined && fresh) return cached;
  try {
    return await download(suite);
  } catch (error) {
    if (cached === undefined) throw error;
    console.error(`lab: ${messageOf(error)}`);
    console.error(`lab: ${cached.version} of an earlier download instead of today's`);
    return cached;
  }
}

function isFresh(folder: string): boolean {
  return Date.now() - statSync(folder).mtimeMs < SID_MAX_AGE_MS;
}

const prefixOf = (suite: Suite) => `engine-${suite}-`;

/** The downloaded versions of a suite's engine, oldest first. */
function cachedVersions(suite: Suite): string[] {
  mkdirSync(CACHE_DIR, { recursive: true });
  const names = readdirSync(CACHE_DIR).filter((name) => name.startsWith(prefixOf(suite)));
  const versions = names.map((name) => name.slice(prefixOf(suite).length));
  return versions.filter((version) => /^\d[\d.]*$/.test(version)).sort(compare);
}

function cachedPrograms(suite: Suite): EnginePrograms | undefined {
  const newest = cachedVersions(suite).at(-1);
  if (newest === undefined) return undefined;
  return { version: newest, folder: join(CACHE_DIR, prefixOf(suite) + newest) };
}

/** Downloads a suite's engine into a folder of its own version, so that a running lab keeps its files. */
async function download(suite: Suite): Promise<EnginePrograms> {
  console.error(`lab: downloading the engine of Debian ${suite} …`);
  const root = join(CACHE_DIR, `${prefixOf(suite)}unpacked-${process.pid}`);
  const work = `${root}.programs`;
  try {
    await unpackPackages({ suite, packages: ['docker.io', 'containerd'] }, root);
    mkdirSync(work, { recursive: true });
    for (const program of PROGRAMS) copyFileSync(find(root, program), join(work, program));
    const version = versionOf(join(work, 'dockerd'));
    const folder = join(CACHE_DIR, prefixOf(suite) + version);
    rmSync(folder, { recursive: true, force: true });
    renameSync(work, folder);
    removeOthers(suite, version);
    return { version, folder };
  } finally {
    for (const path of [root, `${root}.new`, work]) rmSync(path, { recursive: true, force: true });
  }
}

/** Removes a suite's earlier versions, unless another lab may start its nodes from them. */
function removeOthers(suite: Suite, kept: string): void {
  if (isAnotherLab()) return;
  for (const version of cachedVersions(suite).filter((one) => one !== kept)) {
    rmSync(join(CACHE_DIR, prefixOf(suite) + version), { recursive: true, force: true });
  }
}

function find(root: string, program: string): string {
  const directory = ['usr/sbin', 'usr/bin'].find((one) =>
    readdirSync(join(root, one)).includes(program),
  );
  if (directory === undefined) throw new LabFailure(`Debian's packages lack ${program}`);
  return join(root, directory, program);
}

/** The version that a dockerd prints, without Debian's suffix. Throws if it does not run here. */
function versionOf(dockerd: string): string {
  const { stdout, stderr, error } = spawnSync(dockerd, ['--version'], { encoding: 'utf8' });
  const version = /version (\d+(?:\.\d+)*)/.exec(stdout ?? '')?.[1];
  if (version === undefined) {
    const why = error?.message ?? stderr.trim();
    throw new LabFailure(`this engine does not run on this machine: ${why}`);
  }
  return version;
}

/** Whether version `a` is newer than `b`. */
export function isNewer(a: string, b: string): boolean {
  return compare(a, b) > 0;
}

function compare(a: string, b: string): number {
  const [as, bs] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(as.length, bs.length); i += 1) {
    const difference = (as[i] ?? 0) - (bs[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
