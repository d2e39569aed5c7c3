import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { lockProblems, lockProblemsIn, lockReport } from './lock.mjs';

type Json = Record<string, any>; // oxlint-disable-line typescript/no-explicit-any -- taken apart below

const read = (name: string): Json =>
  JSON.parse(readFileSync(`${import.meta.dirname}/../../${name}`, 'utf8')) as Json;
const ours = { lock: read('package-lock.json'), manifest: read('package.json') };

const INTEGRITY = `sha512-${'A'.repeat(86)}==`;

/** A project with a tool that has a binary for each of two platforms, and a second version of one nested. */
function small(): { lock: Json; manifest: Json } {
  const fields = () => ({
    name: 'small',
    version: '1.0.0',
    engines: { node: '>=20.19' },
    dependencies: { tool: '2.0.0' },
    devDependencies: { 'tool-linux': '1.0.0' },
  });
  return {
    manifest: { ...fields(), scripts: {} },
    lock: {
      name: 'small',
      version: '1.0.0',
      lockfileVersion: 3,
      packages: {
        '': fields(),
        'node_modules/tool': {
          version: '2.0.0',
          integrity: INTEGRITY,
          funding: { url: 'https://example.org/sponsor' },
          dependencies: { helper: '^1.0.0' },
          optionalDependencies: { 'tool-linux': '2.0.0', 'tool-darwin': '2.0.0' },
          peerDependencies: { framework: '*' },
          peerDependenciesMeta: { framework: { optional: true } },
        },
        'node_modules/tool/node_modules/tool-linux': {
          version: '2.0.0',
          integrity: INTEGRITY,
          os: ['linux'],
        },
        'node_modules/tool-linux': { version: '1.0.0', integrity: INTEGRITY, os: ['linux'] },
        'node_modules/tool-darwin': {
          version: '2.0.0',
          integrity: INTEGRITY,
          os: ['darwin'],
          bundleDependencies: ['inside'],
          dependencies: { inside: '3.0.0' },
        },
        'node_modules/tool-darwin/node_modules/inside': { version: '3.0.0', inBundle: true },
        'node_modules/helper': { version: '1.2.3', integrity: INTEGRITY },
      },
    },
  };
}

test('this project’s lock is complete', () => {
  expect(lockProblems(ours.lock, ours.manifest)).toEqual([]);
});

test('a complete lock with nested, bundled and optional peer packages has no problems', () => {
  const { lock, manifest } = small();
  expect(lockProblems(lock, manifest)).toEqual([]);
});

const TOOL = 'node_modules/tool';
const HELPER = 'node_modules/helper';
const DARWIN = 'node_modules/tool-darwin';

describe('a broken lock', () => {
  test.each<
    [what: string, breakIt: (packages: Json, lock: Json, manifest: Json) => void, string[]]
  >([
    [
      'without the version of another platform’s package',
      (all) => delete all[DARWIN].version,
      [`"${DARWIN}" has no version (nothing).`],
    ],
    [
      'with a range for a version',
      (all) => (all['node_modules/helper'].version = '^1.2.3'),
      ['"node_modules/helper" has no version ("^1.2.3").'],
    ],
    [
      'without integrity',
      (all) => delete all[DARWIN].integrity,
      [`"${DARWIN}" has no SHA-512 integrity (nothing).`],
    ],
    [
      'with a weaker digest',
      (all) => (all[DARWIN].integrity = 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk='),
      [`"${DARWIN}" has no SHA-512 integrity ("sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=").`],
    ],
    [
      'with a download address',
      (all) => (all[TOOL].resolved = 'https://registry.example/tool.tgz'),
      [`"${TOOL}" has "resolved", which no package of the registry needs.`],
    ],
    ...[
      'git+ssh://git@example.org/helper.git',
      'https://example.org/helper.tgz',
      'evil/helper#main',
      'npm:evil@1.0.0',
      'file:../evil',
      '../evil',
      'latest',
      '',
      null,
    ].map((wanted): [string, (packages: Json) => void, string[]] => [
      `with a dependency that is no range of versions: ${wanted}`,
      (all) => (all[TOOL].dependencies.helper = wanted),
      [`"${TOOL}" wants no version of helper in "dependencies": ${JSON.stringify(wanted ?? '')}`],
    ]),
    [
      'with an optional peer dependency that is no range of versions',
      (all) => (all[TOOL].peerDependencies.framework = 'evil/framework'),
      [`"${TOOL}" wants no version of framework in "peerDependencies": "evil/framework"`],
    ],
    [
      'with a version outside the range of its dependent',
      (all) => (all[HELPER].version = '2.0.0'),
      [`"${TOOL}" wants helper ^1.0.0, and "${HELPER}" has version "2.0.0".`],
    ],
    [
      'with a bundled package that no package bundles',
      (all) => (all[HELPER] = { version: '1.2.3', inBundle: true }),
      [`"${HELPER}" is "inBundle", and the root entry does not bundle helper.`],
    ],
    [
      'with a bundled package that its owner does not name',
      (all) => (all[DARWIN].bundleDependencies = ['other']),
      [`"${DARWIN}/node_modules/inside" is "inBundle", and "${DARWIN}" does not bundle inside.`],
    ],
    ...['../evil', '/etc', 'https://example.org/own.tgz', undefined].map(
      (resolved): [string, (packages: Json) => void, string[]] => [
        `with a link to ${resolved}`,
        (all) => Object.assign(all[HELPER], { link: true, resolved }),
        [
          `"${HELPER}" has "link", which no package of the registry needs.`,
          `"${HELPER}" has "resolved", which no package of the registry needs.`,
        ],
      ],
    ),
    [
      'with another package under a known name',
      (all) => (all[HELPER].name = 'evil'),
      [`"${HELPER}" has "name", which no package of the registry needs.`],
    ],
    [
      'with a package that contains a lock',
      (all) => (all[HELPER].hasShrinkwrap = true),
      [`"${HELPER}" has "hasShrinkwrap", which no package of the registry needs.`],
    ],
    ...['../../evil', 'packages/own', 'node_modules/../evil', 'node_modules/a/b', '/etc'].map(
      (key): [string, (packages: Json) => void, string[]] => [
        `with an entry for ${key}`,
        (all) => (all[key] = { version: '1.0.0', integrity: INTEGRITY }),
        [
          `"${key}" is not a folder of node_modules.`,
          `"${key}" is no dependency of anything in the lock.`,
        ],
      ],
    ),
    [
      'with a package that nothing depends on',
      (all) => (all['node_modules/evil'] = { version: '1.0.0', integrity: INTEGRITY }),
      ['"node_modules/evil" is no dependency of anything in the lock.'],
    ],
    [
      'with a platform’s package for every platform',
      (all) => delete all[DARWIN].os,
      [`"${DARWIN}" is for darwin, and its "os" is nothing.`],
    ],
    [
      'with a platform’s package for another one',
      (all) => (all[DARWIN].os = ['linux']),
      [`"${DARWIN}" is for darwin, and its "os" is ["linux"].`],
    ],
    ...['overrides', 'workspaces', 'bundleDependencies'].map(
      (field): [string, (all: Json, lock: Json, manifest: Json) => void, string[]] => [
        `of a package.json with ${field}`,
        (_, __, manifest) => (manifest[field] = {}),
        [`package.json has "${field}", which this check cannot judge.`],
      ],
    ),
    [
      'with a part of an older format',
      (_, lock) => (lock['dependencies'] = { helper: { version: '1.2.3' } }),
      ['package-lock.json has "dependencies", which npm does not write.'],
    ],
    [
      'without a platform’s package',
      (all) => delete all['node_modules/tool-darwin'],
      [
        `"${TOOL}" names tool-darwin in "optionalDependencies", and the lock has no entry for it.`,
        `"${DARWIN}/node_modules/inside" is "inBundle", and "${DARWIN}" does not bundle inside.`,
        `"${DARWIN}/node_modules/inside" is no dependency of anything in the lock.`,
      ],
    ],
    [
      'without a dependency',
      (all) => delete all['node_modules/helper'],
      [`"${TOOL}" names helper in "dependencies", and the lock has no entry for it.`],
    ],
    [
      'with a dependency where Node does not look for it',
      (all) => {
        all[`${DARWIN}/node_modules/helper`] = all['node_modules/helper'];
        delete all['node_modules/helper'];
      },
      [
        `"${TOOL}" names helper in "dependencies", and the lock has no entry for it.`,
        `"${DARWIN}/node_modules/helper" is no dependency of anything in the lock.`,
      ],
    ],
    [
      'without a peer dependency that is not optional',
      (all) => delete all[TOOL].peerDependenciesMeta,
      [`"${TOOL}" names framework in "peerDependencies", and the lock has no entry for it.`],
    ],
    [
      'that has another version of a package than required',
      (all) => delete all[`${TOOL}/node_modules/tool-linux`],
      [`"${TOOL}" wants tool-linux 2.0.0, and "node_modules/tool-linux" has version "1.0.0".`],
    ],
    [
      'without an entry for a package that package.json names',
      (all) => {
        delete all['node_modules/tool-linux'];
      },
      ['the root entry names tool-linux in "devDependencies", and the lock has no entry for it.'],
    ],
    [
      'of another package.json: engines',
      (_, __, manifest) => (manifest['engines'].node = '>=22'),
      ['the root entry has ">=20.19" for node in "engines", package.json ">=22".'],
    ],
    [
      'of another package.json: one dependency more',
      (_, __, manifest) => (manifest['dependencies'].extra = '1.0.0'),
      ['the root entry has nothing for extra in "dependencies", package.json "1.0.0".'],
    ],
    [
      'of another package.json: one dependency less',
      (_, __, manifest) => delete manifest['devDependencies'],
      ['the root entry has "1.0.0" for tool-linux in "devDependencies", package.json nothing.'],
    ],
    [
      'of another package.json: version',
      (_, __, manifest) => (manifest['version'] = '1.1.0'),
      [
        'the lock has version "1.0.0", package.json "1.1.0".',
        'the root entry has version "1.0.0", package.json "1.1.0".',
      ],
    ],
    [
      'of a package.json with a range',
      (all, _, manifest) => {
        all[''].dependencies.tool = '^2.0.0';
        manifest['dependencies'].tool = '^2.0.0';
      },
      ['package.json does not pin tool exactly in "dependencies": "^2.0.0"'],
    ],
    [
      'of an older format',
      (_, lock) => (lock['lockfileVersion'] = 2),
      ['package-lock.json has lockfileVersion 2, not 3.'],
    ],
    ['without its root entry', (all) => delete all[''], ['package-lock.json has no root entry.']],
  ])('%s', (_, breakIt, problems) => {
    const { lock, manifest } = small();
    breakIt(lock['packages'], lock, manifest);
    expect(lockProblems(lock, manifest)).toEqual(problems);
  });

  test.each([
    [null],
    [[]],
    ['text'],
    [3],
    [{}],
    [{ lockfileVersion: 3 }],
    [{ lockfileVersion: 3, packages: [] }],
  ])('that is not a lock: %j', (lock) => {
    expect(lockProblems(lock, ours.manifest)).toHaveLength(1);
  });

  const fetched = Object.entries(ours.lock['packages'] as Json).flatMap(([key, entry]) =>
    key === '' || entry.link || entry.inBundle ? [] : [key],
  );

  test('any entry of this project’s lock without its version or integrity is found and named', () => {
    expect(fetched.length).toBeGreaterThan(300);
    fc.assert(
      fc.property(
        fc.constantFrom(...fetched),
        fc.constantFrom('version', 'integrity'),
        fc.constantFrom(undefined, null, '', 'latest', {}),
        (key, field, value) => {
          const lock = structuredClone(ours.lock);
          lock['packages'][key][field] = value;
          const problems = lockProblems(lock, ours.manifest);
          expect(problems.some((one) => one.startsWith(`"${key}" has no `))).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });

  const platforms = fetched.filter((key) => 'cpu' in ours.lock['packages'][key]);

  test('any platform’s package missing from this project’s lock is found and named', () => {
    expect(platforms.length).toBeGreaterThan(150);
    fc.assert(
      fc.property(fc.constantFrom(...platforms), (key) => {
        const lock = structuredClone(ours.lock);
        delete lock['packages'][key];
        const name = key.slice(key.lastIndexOf('node_modules/') + 'node_modules/'.length);
        const problems = lockProblems(lock, ours.manifest);
        expect(problems.some((one) => one.includes(name))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

test('any platform’s package of this project’s lock that claims to be for every platform is found', () => {
  const lock = structuredClone(ours.lock);
  const named = Object.keys(lock['packages']).filter((key) =>
    /[-/](linux|darwin|win32)-(x64|arm64)/.test(key),
  );
  expect(named.length).toBeGreaterThan(80);
  for (const key of named) {
    delete lock['packages'][key].os;
    delete lock['packages'][key].cpu;
  }
  const problems = lockProblems(lock, ours.manifest);
  for (const key of named) {
    expect(problems.filter((one) => one.startsWith(`"${key}" is for `))).toHaveLength(2);
  }
});

test('a second lock that npm would prefer is a problem', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const { lock, manifest } = small();
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  expect(lockProblemsIn(folder)).toEqual([
    expect.stringMatching(/^\S*package.json cannot be read/),
  ]);
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  expect(lockProblemsIn(folder)).toEqual([]);
  writeFileSync(join(folder, 'npm-shrinkwrap.json'), '{}');
  expect(lockProblemsIn(folder)).toEqual([
    'npm reads npm-shrinkwrap.json in place of package-lock.json; delete it.',
  ]);
});

test('reports at most twenty problems, the number of others and how to write a complete lock', () => {
  const report = lockReport(Array.from({ length: 25 }, (_, i) => `problem ${i}`)).split('\n');
  expect(report[0]).toBe('package-lock.json is not whole (25):');
  expect(report[20]).toBe('  problem 19');
  expect(report[21]).toBe('  … and 5 more');
  expect(report.at(-1)).toContain('install --package-lock-only');
});
