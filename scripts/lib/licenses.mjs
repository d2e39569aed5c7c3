import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Next bundles some hundred packages into itself; the lock does not name them. */
const COMPILED = 'node_modules/next/dist/compiled';
/** Development packages whose own text is part of their output. */
const GENERATORS = new Set(['node_modules/tailwindcss']);
const LICENSE_FILE = /^(?:licen[cs]e|copying|notice)(?:[-.][\w.-]+)?$/i;
const CODE_FILE = /\.(?:[cm]?js|ts|json)$/;

/**
 * The licences of all code in the release, as most of them require: the packages
 * that the lock installs for running the dashboard, and those inside Next. More than what ends up in the
 * bundles, but never less. Packages with the same text share a section.
 * @returns {string} Markdown
 */
export function thirdPartyLicenses() {
  /** @type {Map<string, string[]>} */
  const packagesOf = new Map();
  for (const folder of [...lockedFolders(), ...compiledFolders()]) {
    const text = licenseText(folder);
    packagesOf.set(text, [...(packagesOf.get(text) ?? []), packageName(folder)]);
  }
  const sections = [...packagesOf].map(([text, names]) => {
    const list = [...new Set(names)].map((name) => `- ${name}\n`).join('');
    return `${list}\n~~~~text\n${text}\n~~~~\n`;
  });
  return `# Licences of the packages in this release\n\n${sections.join('\n')}`;
}

/** @returns {string[]} the installed packages that the dashboard runs with, but for compiled programs */
function lockedFolders() {
  /** @type {Record<string, { dev?: boolean, devOptional?: boolean, os?: string[] }>} */
  const packages = JSON.parse(readFileSync('package-lock.json', 'utf8')).packages;
  return Object.entries(packages)
    .filter(([path, entry]) => path !== '' && !entry.dev && !entry.devOptional && !entry.os)
    .map(([path]) => path)
    .concat(...GENERATORS)
    .filter((path) => existsSync(path));
}

/** @param {string} [folder] @returns {string[]} the folders inside Next that hold a package or a licence */
function compiledFolders(folder = COMPILED) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const below = entries
    .filter((entry) => entry.isDirectory())
    .flatMap((entry) => compiledFolders(join(folder, entry.name)));
  const isPackage =
    licenseFiles(folder).length > 0 ||
    (existsSync(join(folder, 'package.json')) && manifestOf(folder).name !== undefined);
  // A folder without a manifest is Next's own code or a bundler's.
  const isNamed = folder !== COMPILED && /^(?:@[^/]+\/)?[^/@]+$/.test(relative(COMPILED, folder));
  return isPackage || (isNamed && below.length === 0) ? [folder, ...below] : below;
}

/** @param {string} folder @returns {string[]} */
function licenseFiles(folder) {
  return readdirSync(folder)
    .filter((name) => LICENSE_FILE.test(name) && !CODE_FILE.test(name))
    .sort();
}

/** @param {string} folder @returns {{ name?: string, version?: string, license?: string }} */
function manifestOf(folder) {
  const file = join(folder, 'package.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

/** @param {string} folder @returns {string} the text of all its licence files, or the licence in its manifest */
function licenseText(folder) {
  const texts = licenseFiles(folder).map((file) =>
    readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim(),
  );
  if (texts.length > 0) return texts.join('\n\n');
  const { license } = manifestOf(folder);
  if (license) return `${license} (the package has no file with the text)`;
  return 'next has no licence for it beside its own';
}

/** @param {string} folder @returns {string} */
function packageName(folder) {
  if (folder.startsWith(`${COMPILED}/`)) return `${relative(COMPILED, folder)} (in next)`;
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return `${name} ${manifestOf(folder).version ?? ''}`;
}
