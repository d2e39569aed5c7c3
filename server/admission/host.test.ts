import { hostname } from 'node:os';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { parseSettings } from '@/lib/settings';
import { createHostList, parseHost } from './host';

const NODE_NAMES = Symbol.for('clusterhat.node-names');
const scope = globalThis as { [NODE_NAMES]?: ReadonlySet<string> };
afterEach(() => delete scope[NODE_NAMES]);

const settings = parseSettings({
  HOME: '/nowhere',
  CLUSTERHAT_NODES: 'Cbridge,p1',
  DASHBOARD_ORIGIN: 'https://swarm.home:8443/path',
});
const onNetwork = createHostList(settings, false, '0.0.0.0');
const onLoopback = createHostList(settings, true, '127.0.0.1');

/** Whether a list has the name of a `Host` header. */
const has = (list: (name: string) => boolean, header: string) => {
  const host = parseHost(header);
  return host !== null && list(host.name);
};

const LOOPBACK = [
  'localhost',
  'LOCALHOST:3000',
  'localhost.',
  'demo.localhost:80',
  '127.0.0.1',
  '127.0.77.1:3000',
  '[::1]:3000',
];

test.each(LOOPBACK)('answers to %s on loopback and on the network', (header) => {
  expect([has(onLoopback, header), has(onNetwork, header)]).toEqual([true, true]);
});

test.each([
  '10.0.0.1',
  '192.168.1.20:3000',
  '[fd00::1]',
  '[::ffff:10.0.0.1]:80',
  'swarm.home',
  'swarm.home:1',
  'SWARM.home.',
  'cbridge',
  'p1:3000',
  'printer.local',
  'zero1.local.:3000',
  hostname(),
])('answers to %s on the network only', (header) => {
  expect([has(onLoopback, header), has(onNetwork, header)]).toEqual([false, true]);
});

test.each([
  '',
  ' ',
  'evil.example',
  'evil.example:3000',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evillocalhost',
  'evil.example#.localhost',
  'evil.example/.local',
  'evil.example\\.local',
  'evil.example?.local',
  'evil.example\t.local',
  'user@localhost',
  'localhost@evil.example',
  'localhost:pw@evil.example',
  'localhost,evil.example',
  'localhost evil.example',
  '0x7f.1',
  '127.1',
  '2130706433',
  '0177.0.0.1',
  '127.0.0.01',
  '127.0.0.256',
  '::1',
  '[::1',
  '[::1]x',
  '[::1%25eth0]',
  '[127.0.0.1]',
  'localhost:',
  'localhost:x',
  'localhost:99999',
  'localhost:-1',
  '.local',
  'local',
  'localhost..',
  'a..local',
  'swarm.home.evil.example',
  'xswarm.home',
  'ｌocalhost',
  'localhost%2elocal',
  `${'a'.repeat(300)}.local`,
])('does not answer to %s', (header) => {
  expect([has(onLoopback, header), has(onNetwork, header)]).toEqual([false, false]);
});

test('answers under the latest published node names', () => {
  expect(has(onNetwork, 'pi-lab')).toBe(false);
  scope[NODE_NAMES] = new Set(['pi-lab']);
  expect([has(onNetwork, 'Pi-Lab:3000'), has(onLoopback, 'pi-lab')]).toEqual([true, false]);
});

test('answers under the name that the server listens on', () => {
  expect(has(createHostList(settings, false, 'pi.lan'), 'pi.lan:3000')).toBe(true);
  expect(has(onNetwork, 'pi.lan')).toBe(false);
});

test('property: rejects unlisted names in any spelling', () => {
  const label = fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/);
  const tld = fc.constantFrom('example', 'com', 'org', 'locale', 'localhos', 'home', '1');
  const name = fc.tuple(fc.array(label, { minLength: 1, maxLength: 4 }), tld);
  const decorated = fc.tuple(name, fc.constantFrom('', ':80', '.', '.:3000', ':0'));
  fc.assert(
    fc.property(decorated, ([[labels, end], after]) => {
      const text = [...labels, end].join('.');
      fc.pre(text.toLowerCase() !== 'swarm.home' && !/^(\d+\.){3}\d+$/.test(text));
      return !has(onNetwork, text + after) && !has(onLoopback, text + after);
    }),
    { numRuns: 1000 },
  );
});

test('property: accepts only loopback names and addresses on loopback', () => {
  const pieces = 'localhost 127.0.0.1 [::1] ::1 . : @ / evil.example 80 %00 ,'.split(' ');
  const piece = fc.constantFrom(' ', ...pieces);
  const text = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 5 }).map((parts) => parts.join('')),
  );
  const plain = /^(([a-z0-9_-]+\.)*localhost\.?|127\.\d+\.\d+\.\d+\.?|\[::1\])(:\d+)?$/i;
  fc.assert(
    fc.property(text, (header) => !has(onLoopback, header) || plain.test(header)),
    { numRuns: 2000 },
  );
});
