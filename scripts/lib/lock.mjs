import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRange, satisfies } from './semver.mjs';

/**
 * @typedef {Record<string, unknown>} Json
 * @typedef {{ key: string, entry: Json }} Found
 */

/** How to mend an incomplete lock; the decision explains where those come from. */
export const HOW_TO_WRITE_A_LOCK =
  'Write a whole lock with: npx npm@11.6.0 install --package-lock-only (docs/decisions/002-dependencies.md)';

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;
// SHA-512 in base64: 88 characters.
const INTEGRITY = /^sha512-[\w+/]{86}==$/;
/** A package's folder as npm lays it out; Node.js finds nothing else, and npm writes nowhere else. */
const NAME = String.raw`(?:@[\w~-][\w.~-]*/)?(?!node_modules(?:/|$))[\w~-][\w.~-]*`;
const KEY = new RegExp(`^node_modules/${NAME}(?:/node_modules/${NAME})*$`);

/**
 * Permitted fields of a lock and its entries, which only install packages of the registry. Others do
 * more: `resolved`, `link` and `name` replace the package, and `hasShrinkwrap` adds packages that are not
 * in the lock.
 */
const LOCK_FIELDS = new Set(['name', 'version', 'lockfileVersion', 'requires', 'packages']);
const ENTRY_FIELDS = new Set([
  'version',
  'integrity',
  'license',
  'funding',
  'deprecated',
  'engines',
  'os',
  'cpu',
  'libc',
  'bin',
  'dependencies',
  'optionalDependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'bundleDependencies',
  'inBundle',
  'hasInstallScript',
  'dev',
  'optional',
  'devOptional',
  'peer',
]);
const ROOT_FIELDS = new Set([
  'name',
  'version',
  'license',
  'engines',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
]);
/** Both change what npm installs; this project has neither, and the lock does not contain `overrides`. */
const NOT_IN_MANIFEST = ['overrides', 'workspaces', 'bundleDependencies', 'bundledDependencies'];

/** Parts of a package's name that name a platform, and what its entry must contain then. */
const PLATFORMS = [
  {
    field: 'os',
    parts: /^(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)(?:musl)?$/,
  },
  { field: 'cpu', parts: /^(arm|arm64|ia32|loong64|mips64el|ppc64|riscv64|s390x|x64)$/ },
];

/** @param {unknown} value @returns {Json} the object, or an empty one for anything else */
const objectOf = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? /** @type {Json} */ (value)
    : {};

/** @param {unknown} value @returns {string} the string, or an empty one for anything else */
const textOf = (value) => (typeof value === 'string' ? value : '');

/** @param {unknown} value @returns {string} as a sentence quotes it */
const quoted = (value) => JSON.stringify(value) ?? 'nothing';

/** @param {string} key @returns {string} how a sentence names an entry */
const named = (key) => (key === '' ? 'the root entry' : `"${key}"`);

/** @param {string} key @returns {string[]} the folders in which Node and npm look for its dependencies */
function foldersUpwards(key) {
  const folders = [key];
  for (let folder = key; folder !== ''; folders.push(folder)) {
    [folder] = splitKey(folder);
  }
  return folders;
}

/**
 * @param {Json} packages @param {string} from the dependent's key @param {string} name
 * @returns {Found | undefined} the entry that the dependent gets
 */
function resolve(packages, from, name) {
  const key = foldersUpwards(from)
    .map((folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}`)
    .find((one) => Object.hasOwn(packages, one));
  return key === undefined ? undefined : { key, entry: objectOf(packages[key]) };
}

/** @param {string} key @returns {[owner: string, name: string]} the folder that the package is installed in */
function splitKey(key) {
  const at = key.lastIndexOf('node_modules/');
  return [at > 0 ? key.slice(0, at - 1) : '', key.slice(at + 'node_modules/'.length)];
}

/**
 * @param {Json} entry
 * @returns {{ kind: string, name: string, wanted: string, mayBeMissing: boolean }[]} what npm installs with it
 */
function dependenciesOf(entry) {
  const meta = objectOf(entry.peerDependenciesMeta);
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap(
    (kind) =>
      Object.entries(objectOf(entry[kind])).map(([name, wanted]) => ({
        kind,
        name,
        wanted: textOf(wanted),
        mayBeMissing: kind === 'peerDependencies' && objectOf(meta[name]).optional === true,
      })),
  );
}

/** @param {Json} packages @returns {string[]} a sentence for each entry that nothing in the project depends on */
function unneededEntries(packages) {
  const needed = new Set(['']);
  // Iterating over a set includes items added during the iteration.
  for (const key of needed) {
    for (const { name } of dependenciesOf(objectOf(packages[key]))) {
      const found = resolve(packages, key, name);
      if (found) needed.add(found.key);
    }
  }
  return Object.keys(packages)
    .filter((key) => !needed.has(key))
    .map((key) => `${named(key)} is no dependency of anything in the lock.`);
}

/** @param {Json} packages @param {string} key @param {Json} entry @returns {string[]} what the entry itself lacks or has too much */
function entryProblems(packages, key, entry) {
  const known = key === '' ? ROOT_FIELDS : ENTRY_FIELDS;
  const problems = Object.keys(entry)
    .filter((field) => !known.has(field))
    .map((field) => `${named(key)} has "${field}", which no package of the registry needs.`);
  if (key === '') return problems;

  if (!KEY.test(key)) problems.push(`${named(key)} is not a folder of node_modules.`);
  if (!EXACT_VERSION.test(textOf(entry.version)))
    problems.push(`${named(key)} has no version (${quoted(entry.version)}).`);
  if ('inBundle' in entry) {
    const [owner, name] = splitKey(key);
    const { bundleDependencies } = objectOf(owner === '' ? undefined : packages[owner]);
    if (!Array.isArray(bundleDependencies) || !bundleDependencies.includes(name))
      problems.push(`${named(key)} is "inBundle", and ${named(owner)} does not bundle ${name}.`);
  } else if (!INTEGRITY.test(textOf(entry.integrity))) {
    problems.push(`${named(key)} has no SHA-512 integrity (${quoted(entry.integrity)}).`);
  }
  return problems;
}

/**
 * npm installs a package without `os` and `cpu` on every platform.
 * @param {string} key @param {string} name @param {Json} entry @returns {string[]}
 */
function platformProblems(key, name, entry) {
  const nameParts = name.split(/[^a-z\d]+/);
  // WebAssembly runs on any processor, and on more than one system.
  if (nameParts.includes('wasm32')) return [];
  return PLATFORMS.flatMap(({ field, parts }) => {
    const wanted = nameParts.flatMap((part) => parts.exec(part)?.[1] ?? []);
    const given = entry[field];
    return wanted
      .filter((platform) => !Array.isArray(given) || !given.includes(platform))
      .map(
        (platform) => `${named(key)} is for ${platform}, and its "${field}" is ${quoted(given)}.`,
      );
  });
}

/** @param {Json} packages @param {string} key @param {Json} entry @returns {string[]} */
function dependencyProblems(packages, key, entry) {
  return dependenciesOf(entry).flatMap(({ kind, name, wanted, mayBeMissing }) => {
    if (!isRange(wanted))
      return [`${named(key)} wants no version of ${name} in "${kind}": ${quoted(wanted)}`];
    const found = resolve(packages, key, name);
    if (!found && mayBeMissing) return [];
    if (!found)
      return [`${named(key)} names ${name} in "${kind}", and the lock has no entry for it.`];
    const problems =
      kind === 'optionalDependencies' ? platformProblems(found.key, name, found.entry) : [];
    const { version } = found.entry;
    // An entry without a version is reported by itself.
    if (EXACT_VERSION.test(textOf(version)) && !satisfies(textOf(version), wanted))
      problems.push(
        `${named(key)} wants ${name} ${wanted}, and "${found.key}" has version ${quoted(version)}.`,
      );
    return problems;
  });
}

/** @param {Json} lock @param {Json} root @param {Json} manifest @returns {string[]} */
function rootProblems(lock, root, manifest) {
  const problems = NOT_IN_MANIFEST.filter((field) => field in manifest).map(
    (field) => `package.json has "${field}", which this check cannot judge.`,
  );
  problems.push(
    ...Object.keys(lock)
      .filter((field) => !LOCK_FIELDS.has(field))
      .map((field) => `package-lock.json has "${field}", which npm does not write.`),
  );
  const same = (/** @type {unknown} */ a, /** @type {unknown} */ b) =>
    JSON.stringify(a) === JSON.stringify(b);
  for (const field of ['name', 'version']) {
    for (const [where, holder] of Object.entries({ 'the lock': lock, 'the root entry': root })) {
      if (!same(holder[field], manifest[field]))
        problems.push(
          `${where} has ${field} ${quoted(holder[field])}, package.json ${quoted(manifest[field])}.`,
        );
    }
  }
  const maps = [
    'engines',
    'dependencies',
    'devDependencies',
    'optionalDependencies',
    'peerDependencies',
  ];
  for (const field of maps) {
    const [locked, wanted] = [objectOf(root[field]), objectOf(manifest[field])];
    for (const name of new Set([...Object.keys(locked), ...Object.keys(wanted)])) {
      if (!same(locked[name], wanted[name]))
        problems.push(
          `the root entry has ${quoted(locked[name])} for ${name} in "${field}", package.json ${quoted(wanted[name])}.`,
        );
    }
  }
  for (const field of ['dependencies', 'devDependencies', 'optionalDependencies']) {
    for (const [name, wanted] of Object.entries(objectOf(manifest[field]))) {
      if (!EXACT_VERSION.test(textOf(wanted)))
        problems.push(`package.json does not pin ${name} exactly in "${field}": ${quoted(wanted)}`);
    }
  }
  return problems;
}

/**
 * Reasons why a lock does not install on every machine and from every registry, one sentence each. npm
 * itself reports only `Invalid Version:`, and that only where the entry is needed.
 * @param {unknown} lock package-lock.json, parsed
 * @param {unknown} manifest package.json, parsed
 * @returns {string[]} none for a whole lock
 */
export function lockProblems(lock, manifest) {
  const whole = objectOf(lock);
  const packages = objectOf(whole.packages);
  if (whole.lockfileVersion !== 3)
    return [`package-lock.json has lockfileVersion ${quoted(whole.lockfileVersion)}, not 3.`];
  if (!Object.hasOwn(packages, '')) return ['package-lock.json has no root entry.'];
  const problems = [
    ...rootProblems(whole, objectOf(packages['']), objectOf(manifest)),
    ...Object.entries(packages).flatMap(([key, value]) => {
      const entry = objectOf(value);
      return [...entryProblems(packages, key, entry), ...dependencyProblems(packages, key, entry)];
    }),
    ...unneededEntries(packages),
  ];
  // A platform's package that two others depend on is checked for each.
  return [...new Set(problems)];
}

/** @param {string} file @returns {unknown} @throws with a sentence that names the file */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} cannot be read: ${/** @type {Error} */ (error).message}.`, {
      cause: error,
    });
  }
}

/** @param {string} folder of the project @returns {string[]} what is wrong with its lock, a sentence each */
export function lockProblemsIn(folder) {
  const shrinkwrap = 'npm-shrinkwrap.json';
  if (existsSync(join(folder, shrinkwrap)))
    return [`npm reads ${shrinkwrap} in place of package-lock.json; delete it.`];
  try {
    return lockProblems(
      readJson(join(folder, 'package-lock.json')),
      readJson(join(folder, 'package.json')),
    );
  } catch (error) {
    return [/** @type {Error} */ (error).message];
  }
}

/** @param {readonly string[]} problems @returns {string} them and how to write a whole lock */
export function lockReport(problems) {
  const shown = problems.slice(0, 20);
  const more = problems.length - shown.length;
  return [
    `package-lock.json is not whole (${problems.length}):`,
    ...shown.map((problem) => `  ${problem}`),
    ...(more > 0 ? [`  … and ${more} more`] : []),
    HOW_TO_WRITE_A_LOCK,
  ].join('\n');
}
