import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { satisfies } from './semver.mjs';

/**
 * @typedef {{
 *   version?: string, optional?: boolean, inBundle?: boolean,
 *   os?: string[], cpu?: string[], libc?: string[], engines?: { node?: string },
 * }} Entry of the lock
 */

/** @param {string} path @returns {any} what it holds; undefined where it is missing or cut off */
function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @returns {string} which C library this Node.js uses, as npm names it; empty where npm has no name for it */
function libcHere() {
  if (process.platform !== 'linux' || !process.report) return '';
  // Without this, the report looks up the names of this machine's connections.
  Object.assign(process.report, { excludeNetwork: true });
  const report = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (
    process.report.getReport()
  );
  return report.header.glibcVersionRuntime ? 'glibc' : 'musl';
}

/** @param {string[] | undefined} list such as `['linux']` or `['!win32']` @param {string} here */
function fits(list, here) {
  if (!list) return true;
  const wanted = list.filter((one) => !one.startsWith('!'));
  return !list.includes(`!${here}`) && (wanted.length === 0 || wanted.includes(here));
}

/**
 * Whether npm cannot have had a reason to leave the package out. It skips an optional package that is for
 * another platform or Node.js, and one whose install script failed: only packages without an `os` have any.
 * @param {Entry} entry @param {string} libc
 */
function isNeeded(entry, libc) {
  if (entry.inBundle) return false;
  if (!entry.optional) return true;
  if (!entry.os || !fits(entry.os, process.platform) || !fits(entry.cpu, process.arch))
    return false;
  const node = entry.engines?.node;
  return fits(entry.libc, libc) && (!node || satisfies(process.versions.node, node));
}

/**
 * Compares what is installed with the lock. npm's exit code is not enough: where the registry cannot be
 * reached, npm 10.8.2 prints "Exit handler never called!" and exits with 0, and a failed download of an
 * optional package (a tool's compiled part for this platform) is never an error. Reads one small file for
 * each package: about 20 ms.
 * @param {string} folder of the project
 * @returns {string[]} the packages that are missing or of another version, such as `esbuild 0.28.2`
 */
export function missingPackages(folder) {
  /** @type {Record<string, Entry>} */
  const packages = readJson(join(folder, 'package-lock.json'))?.packages ?? {};
  const libc = libcHere();
  return Object.entries(packages)
    .filter(([key, entry]) => key !== '' && isNeeded(entry, libc))
    .filter(
      ([key, { version }]) => readJson(join(folder, key, 'package.json'))?.version !== version,
    )
    .map(([key, { version }]) => `${key.slice(key.lastIndexOf('node_modules/') + 13)} ${version}`);
}
