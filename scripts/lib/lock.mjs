import { readFileSync } from 'node:fs';

/**
 * @typedef {Record<string, unknown>} Json
 * @typedef {{ key: string, entry: Json }} Found
 */

/** What to do about a lock that is not whole; the decision says where broken ones come from. */
export const HOW_TO_WRITE_A_LOCK =
  'Write a whole lock with: npx npm@11.6.0 install --package-lock-only (docs/decisions/002-dependencies.md)';

const EXACT_VERSION = /^\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;
// SHA-512 in base64: 88 characters.
const INTEGRITY = /^sha512-[\w+/]{86}==$/;
const ADDRESS = /^(?:[a-z+]+:\/\/|git@|(?:git|github|gitlab|bitbucket|file):)/i;
/** Pages about a package, never fetched by npm. */
const NOT_FETCHED = new Set(['funding', 'deprecated', 'license']);

/** @param {unknown} value @returns {Json} the object, or an empty one for anything else */
const objectOf = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? /** @type {Json} */ (value)
    : {};

/** @param {unknown} value @returns {string} the string, or an empty one for anything else */
const textOf = (value) => (typeof value === 'string' ? value : '');

/** @param {unknown} value @returns {string} as a sentence quotes it */
const quoted = (value) => JSON.stringify(value) ?? 'nothing';

/** @param {unknown} value @returns {string[]} every string anywhere in the value */
function stringsIn(value) {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(stringsIn);
}

/** @param {string} key @returns {string} how a sentence names an entry */
const named = (key) => (key === '' ? 'the root entry' : `"${key}"`);

/** @param {string} key @returns {string[]} the folders in which Node and npm look for its dependencies */
function foldersUpwards(key) {
  const folders = [key];
  for (let folder = key; folder !== ''; folders.push(folder)) {
    const at = folder.lastIndexOf('node_modules/');
    folder = at > 0 ? folder.slice(0, at - 1) : '';
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

/** @param {Json} entry @returns {[kind: string, name: string, wanted: string][]} what npm installs with it */
function dependenciesOf(entry) {
  const meta = objectOf(entry.peerDependenciesMeta);
  return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap(
    (kind) =>
      Object.entries(objectOf(entry[kind]))
        .filter(([name]) => kind !== 'peerDependencies' || objectOf(meta[name]).optional !== true)
        .map(
          ([name, wanted]) =>
            /** @type {[string, string, string]} */ ([kind, name, textOf(wanted)]),
        ),
  );
}

/** @param {string} key @param {Json} entry @returns {string[]} what the entry itself lacks or has too much */
function entryProblems(key, entry) {
  const problems = [];
  if (key !== '' && entry.link !== true && entry.inBundle !== true) {
    if (!EXACT_VERSION.test(textOf(entry.version)))
      problems.push(`${named(key)} has no version (${quoted(entry.version)}).`);
    if (!INTEGRITY.test(textOf(entry.integrity)))
      problems.push(`${named(key)} has no SHA-512 integrity (${quoted(entry.integrity)}).`);
  }
  // A link's is a folder of this repository.
  if ('resolved' in entry && entry.link !== true)
    problems.push(`${named(key)} has "resolved": a download address of one registry.`);
  const others = Object.entries(entry).filter(
    ([field]) => !NOT_FETCHED.has(field) && (field !== 'resolved' || entry.link === true),
  );
  for (const [field, value] of others) {
    for (const text of stringsIn(value).filter((one) => ADDRESS.test(one)))
      problems.push(`${named(key)} has an address in "${field}": ${text}`);
  }
  return problems;
}

/** @param {Json} packages @param {string} key @param {Json} entry @returns {string[]} */
function missingDependencies(packages, key, entry) {
  return dependenciesOf(entry).flatMap(([kind, name, wanted]) => {
    const found = resolve(packages, key, name);
    if (!found)
      return [`${named(key)} names ${name} in "${kind}", and the lock has no entry for it.`];
    const { version } = found.entry;
    // A range is npm's to judge, and an entry without a version is reported by itself.
    if (!EXACT_VERSION.test(wanted) || version === undefined || version === wanted) return [];
    return [
      `${named(key)} wants ${name} ${wanted}, and "${found.key}" has version ${quoted(version)}.`,
    ];
  });
}

/** @param {Json} lock @param {Json} root @param {Json} manifest @returns {string[]} */
function rootProblems(lock, root, manifest) {
  const problems = [];
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
 * What keeps a lock from installing on any machine and from any registry, a sentence each. npm
 * itself says no more than `Invalid Version:`, and that only where the entry is needed.
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
  return [
    ...rootProblems(whole, objectOf(packages['']), objectOf(manifest)),
    ...Object.entries(packages).flatMap(([key, value]) => {
      const entry = objectOf(value);
      return [...entryProblems(key, entry), ...missingDependencies(packages, key, entry)];
    }),
  ];
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

/** @returns {string[]} what is wrong with this project's lock, a sentence each */
export function projectLockProblems() {
  try {
    return lockProblems(readJson('package-lock.json'), readJson('package.json'));
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
