import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';

/** docs/architecture.md is true: the files that it names exist, and its table of rooms is what the linter enforces. */

const PAGE = readFileSync('docs/architecture.md', 'utf8');
const FILES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
}).split('\n');

test('every file and folder that the page names exists', () => {
  const names = [
    ...PAGE.matchAll(/`([\w.[\]/-]+\.(?:tsx?|mjs|css|md|cfg|json))`/g),
    ...PAGE.matchAll(/`((?:app|components|lib|server|bin|demo|lab|tests|scripts)\/[\w/-]*)`/g),
    ...PAGE.matchAll(/^(?:lib|components|server)\/[\w./-]+(?= {2})/gm),
  ].map(([whole, name = whole]) => name);
  expect(names.length).toBeGreaterThan(100);
  const exists = (name: string) =>
    FILES.some(
      (file) =>
        file.startsWith(name.endsWith('/') ? name : `${name}/`) ||
        file.replace(/\.tsx?$/, '') === name.replace(/\.tsx?$/, '') ||
        (!name.includes('/') && basename(file) === name) ||
        file.endsWith(`/${name}`),
    );
  expect(names.filter((name) => !exists(name))).toEqual([]);
});

interface Override {
  files: string[];
  rules: Record<string, [string, { patterns: { group: string[] }[] }] | undefined>;
}

/** The rooms of lib that each room may import, by the linter's rules. */
function enforced(): Map<string, Set<string>> {
  const { overrides } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as {
    overrides: Override[];
  };
  const rooms = new Map<string, Set<string>>();
  for (const { files, rules } of overrides) {
    const group = rules['eslint/no-restricted-imports']?.[1].patterns[0]?.group;
    const room = files[0]?.replace(/\/\*\*$/, '');
    if (!group || !room || room.includes('*') || rooms.has(room)) continue;
    const allowed = group.flatMap((one) => {
      const inLib = /^!@\/lib\/([\w-]+)/.exec(one)?.[1];
      const beside = room.startsWith('lib/') ? /^!\.\.?\/([\w-]+)/.exec(one)?.[1] : undefined;
      return inLib ?? beside ?? [];
    });
    const own = room.replace(/^lib\//, '');
    rooms.set(room, new Set(allowed.filter((one) => one !== own)));
  }
  return rooms;
}

test('the table of rooms is what the linter enforces', () => {
  const rooms = enforced();
  const rows = [...PAGE.matchAll(/^\| `([\w./-]+?)\/?` +\|.*\| ([^|]+?) +\|$/gm)];
  const inTable = new Map(
    rows.flatMap(([, room = '', imports = '']) =>
      rooms.has(room)
        ? [[room, new Set([...imports.matchAll(/`lib\/([\w-]+)/g)].map(([, name = '']) => name))]]
        : [],
    ),
  );
  // app may import all of lib, scripts and the lab none of it.
  const same = [...rooms].filter(
    ([room]) => !['app', 'scripts', 'lab', 'components/ui'].includes(room),
  );
  expect(same.length).toBeGreaterThan(15);
  for (const [room, allowed] of same) {
    expect(inTable.get(room), room).toEqual(allowed);
  }
});

test('every room and file of lib has rules of its own', () => {
  const { overrides } = JSON.parse(readFileSync('.oxlintrc.json', 'utf8')) as {
    overrides: Override[];
  };
  const ruled = new Set(
    overrides.flatMap(({ files, rules }) =>
      rules['eslint/no-restricted-imports'] ? files.map((file) => file.replace(/\/\*\*$/, '')) : [],
    ),
  );
  const parts = FILES.filter((file) => file.startsWith('lib/') && !file.endsWith('.test.ts')).map(
    (file) => file.split('/').slice(0, 2).join('/'),
  );
  expect(new Set(parts).size).toBeGreaterThan(10);
  expect(parts.filter((part) => !ruled.has(part))).toEqual([]);
});
