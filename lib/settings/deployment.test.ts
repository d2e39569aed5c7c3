import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SETTING_NAMES } from '.';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const matches = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].map(([, name = '']) => name);

/** Set by the `clusterhat` command itself: HOSTNAME from HOST, and the command that starts it. */
const INTERNAL = new Set(['HOSTNAME', 'CLUSTERHAT_COMMAND']);
const settings = SETTING_NAMES.filter((name) => !INTERNAL.has(name));

const stacks = readdirSync(join(ROOT, 'deploy')).filter((name) => /^stack.*\.yml$/.test(name));
/** Variables of the containers, and shell variables that their values are made from. */
const passed = stacks.flatMap((file) => matches(read(`deploy/${file}`), /^ {6}([A-Z_]+): /gm));
const asked = stacks.flatMap((file) => matches(read(`deploy/${file}`), /\$\{([A-Z_]+):[-?]/g));

test('README.md has every setting', () => {
  const [, table = ''] = read('README.md').split('\n## Settings\n');
  const rows = table.split('\n## ')[0] ?? '';
  const named = matches(rows, /`([A-Z_]+)/g);
  expect(settings.filter((name) => !named.includes(name))).toEqual([]);
});

test('the stack passes on every setting, secrets as files', () => {
  const missing = settings.filter(
    (name) => !passed.includes(name) && !passed.includes(`${name}_FILE`),
  );
  expect(missing).toEqual([]);
});

test('deploy/README.md has every variable of the stack', () => {
  const named = matches(read('deploy/README.md'), /`([A-Z_]+)`/g);
  // deploy.sh computes the name of the proxy's config.
  const missing = asked.filter((name) => !named.includes(name) && name !== 'SOCKET_PROXY_CONFIG');
  expect(missing).toEqual([]);
});

test('deploy.sh names every variable of the stack, and keeps the deployed value of every setting', () => {
  const script = read('deploy/deploy.sh');
  const [kept = ''] = matches(script, /^for name in (.*); do$/gm);
  const fromShell = settings.filter((name) => asked.includes(name));
  expect(kept.split(' ').sort()).toEqual(fromShell.toSorted());
  const usage = /<<END\n([\s\S]*?)\nEND\n/.exec(script)?.[1] ?? '';
  expect(fromShell.filter((name) => !usage.includes(name))).toEqual([]);
});

test('the unit file sets nothing that the dashboard or Node.js does not read, and reads the file of settings', () => {
  const unit = read('deploy/clusterhat.service');
  const lines = unit.split('\n').filter((line) => line.startsWith('Environment='));
  const names = lines.flatMap((line) => matches(line, /[= "]([A-Z_]+)=/g));
  const known = new Set([
    ...settings.flatMap((name) => [name, `${name}_FILE`]),
    'HOST',
    'PORT',
    'DOCKER_HOST',
    'NODE_OPTIONS',
    'NODE_ENV',
    'MALLOC_ARENA_MAX',
    'NEXT_TELEMETRY_DISABLED',
  ]);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !known.has(name))).toEqual([]);
  expect(unit).toContain('\nEnvironmentFile=-/etc/clusterhat/environment\n');
});
