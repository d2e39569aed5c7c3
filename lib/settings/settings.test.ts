import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { isOpen, parseSettings } from './index';

/** No docker context and no socket of this machine's user. */
const NOWHERE = { HOME: '/nowhere' };

test('defaults: the local socket, the tutorial’s names, read-only because it listens on all addresses', () => {
  expect(parseSettings(NOWHERE)).toEqual({
    engine: { kind: 'unix', socketPath: '/var/run/docker.sock' },
    hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'],
    echoService: 'goweb',
    maxReplicas: 100,
    command: 'clusterhat',
    loopbackOnly: false,
    origin: null,
    trustedProxies: new BlockList(),
    read: 'anyone',
    record: true,
    stateFolder: null,
    password: null,
    guestPassword: null,
    token: null,
    readToken: null,
    blankSecrets: [],
  });
});

test.each(['127.0.0.1', '::1', 'localhost'])('%s is loopback', (HOSTNAME) => {
  expect(parseSettings({ HOSTNAME }).loopbackOnly).toBe(true);
});

test('reads the engine from the environment', () => {
  expect(parseSettings({ DOCKER_HOST: 'tcp://[::1]:2399' }).engine).toEqual({
    kind: 'tcp',
    host: '::1',
    port: 2399,
  });
});

test('rejects an invalid engine and names its variable', () => {
  expect(() => parseSettings({ DOCKER_HOST: '/var/run/docker.sock' })).toThrow(
    /^DOCKER_HOST is .*unix:/,
  );
  expect(() => parseSettings({ HOME: '/nowhere', DOCKER_CONTEXT: 'pi' })).toThrow(/context "pi"/);
});

test('CLUSTERHAT_NODES: trims spaces and rejects duplicates and empty lists', () => {
  expect(parseSettings({ CLUSTERHAT_NODES: ' cbridge, p1,p2 ,' }).hat).toEqual([
    'cbridge',
    'p1',
    'p2',
  ]);
  expect(() => parseSettings({ CLUSTERHAT_NODES: 'p1,p1' })).toThrow(/CLUSTERHAT_NODES/);
  expect(() => parseSettings({ CLUSTERHAT_NODES: ',' })).toThrow(/CLUSTERHAT_NODES/);
});

test('reads a password from the environment or a file, without its last line break', () => {
  const directory = mkdtempSync(join(tmpdir(), 'clusterhat-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'password');
  writeFileSync(file, ' secret \n');
  expect(parseSettings({ DASHBOARD_PASSWORD: 'x' }).password).toBe('x');
  expect(parseSettings({ DASHBOARD_PASSWORD: '' }).password).toBeNull();
  expect(parseSettings({ DASHBOARD_PASSWORD_FILE: file }).password).toBe(' secret ');
  expect(() => parseSettings({ DASHBOARD_PASSWORD_FILE: `${file}.not` })).toThrow(
    /DASHBOARD_PASSWORD_FILE.*ENOENT/,
  );
});

test('is open on loopback only without any secret setting, so not with an empty file', () => {
  const directory = mkdtempSync(join(tmpdir(), 'clusterhat-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, 'password');
  const on = (environment: object) =>
    parseSettings({ ...NOWHERE, HOSTNAME: '127.0.0.1', ...environment });
  expect(isOpen(on({}))).toBe(true);
  expect(isOpen(on({ DASHBOARD_PASSWORD: '', DASHBOARD_PASSWORD_FILE: '' }))).toBe(true);
  for (const text of ['', '\n', '\n\n', ' \r\n\t']) {
    writeFileSync(file, text);
    for (const name of ['PASSWORD', 'GUEST_PASSWORD', 'TOKEN', 'READ_TOKEN']) {
      const settings = on({ [`DASHBOARD_${name}_FILE`]: file });
      expect(settings.blankSecrets).toEqual([`DASHBOARD_${name}_FILE`]);
      expect(isOpen(settings), name).toBe(false);
    }
  }
  const spaces = on({ DASHBOARD_PASSWORD: '   ' });
  expect([spaces.password, spaces.blankSecrets]).toEqual([null, ['DASHBOARD_PASSWORD']]);
  expect(isOpen(spaces)).toBe(false);
  expect(on({ DASHBOARD_PASSWORD: ' op secret ' }).password).toBe(' op secret ');
});

test.each(['0', '-1', '2.5', 'many', '100000'])('rejects MAX_REPLICAS=%s', (MAX_REPLICAS) => {
  expect(() => parseSettings({ ...NOWHERE, MAX_REPLICAS })).toThrow(
    'MAX_REPLICAS: has to be a whole number from 1 to 99999',
  );
});

test('reads MAX_REPLICAS', () => {
  expect(parseSettings({ ...NOWHERE, MAX_REPLICAS: '250' }).maxReplicas).toBe(250);
});

test('treats an empty variable as unset', () => {
  expect(parseSettings({ ...NOWHERE, DOCKER_HOST: '', ECHO_SERVICE: '', HOSTNAME: '' })).toEqual(
    parseSettings(NOWHERE),
  );
});

test.each([
  ['https://swarm.home/', 'https://swarm.home', 'swarm.home', true, ''],
  ['https://swarm.home:443/a/b/', 'https://swarm.home', 'swarm.home', true, '/a/b'],
  ['http://CTRL:8080/swarm', 'http://ctrl:8080', 'ctrl:8080', false, '/swarm'],
  ['http://[::1]:3000', 'http://[::1]:3000', '[::1]:3000', false, ''],
])('reads the public origin %s', (DASHBOARD_ORIGIN, url, host, secure, prefix) => {
  expect(parseSettings({ ...NOWHERE, DASHBOARD_ORIGIN }).origin).toEqual({
    url,
    host,
    secure,
    prefix,
  });
});

test.each([
  'swarm.home',
  'ftp://swarm.home',
  'https://me:secret@swarm.home',
  'https://swarm.home/?x',
  'https://swarm.home/#x',
  'https://swarm.home//a',
  'https://swarm.home/a%20b',
])('rejects the public origin %s by the name of its variable', (DASHBOARD_ORIGIN) => {
  expect(() => parseSettings({ ...NOWHERE, DASHBOARD_ORIGIN })).toThrow(/^DASHBOARD_ORIGIN /);
});

test('is not loopback-only with a public origin on the network', () => {
  const on = (DASHBOARD_ORIGIN: string) =>
    parseSettings({ ...NOWHERE, HOSTNAME: '127.0.0.1', DASHBOARD_ORIGIN }).loopbackOnly;
  expect(on('https://swarm.home')).toBe(false);
  expect(on('http://localhost:8080')).toBe(true);
});

test('trusts only the listed proxies and networks', () => {
  const { trustedProxies } = parseSettings({
    ...NOWHERE,
    TRUSTED_PROXY: '10.0.0.1, 172.18.0.0/16,fd00::/8',
  });
  expect(trustedProxies.check('10.0.0.1')).toBe(true);
  expect(trustedProxies.check('10.0.0.2')).toBe(false);
  expect(trustedProxies.check('172.18.9.9')).toBe(true);
  expect(trustedProxies.check('fd12::1', 'ipv6')).toBe(true);
});

test.each(['nginx', '10.0.0.1/33', '10.0.0.1/x', '1.2.3.4/8/8', '0.0.0.0/0', '::/0'])(
  'rejects %s as a trusted proxy',
  (TRUSTED_PROXY) => {
    expect(() => parseSettings({ ...NOWHERE, TRUSTED_PROXY })).toThrow(/^TRUSTED_PROXY: /);
  },
);

test('rejects a token that is short or not valid in a header', () => {
  const DASHBOARD_TOKEN = '0123456789abcdef0123';
  expect(parseSettings({ ...NOWHERE, DASHBOARD_TOKEN }).token).toBe(DASHBOARD_TOKEN);
  for (const bad of ['short', `${DASHBOARD_TOKEN} x`, `${DASHBOARD_TOKEN}ü`]) {
    expect(() => parseSettings({ ...NOWHERE, DASHBOARD_TOKEN: bad })).toThrow(/^DASHBOARD_TOKEN /);
  }
});

test('rejects secrets of different roles that are equal', () => {
  expect(() =>
    parseSettings({ ...NOWHERE, DASHBOARD_PASSWORD: 'a', DASHBOARD_GUEST_PASSWORD: 'a' }),
  ).toThrow(/have to differ/);
});

test('DASHBOARD_READ=signed-in requires a password or token', () => {
  const DASHBOARD_READ = 'signed-in';
  expect(() => parseSettings({ ...NOWHERE, DASHBOARD_READ })).toThrow(/needs a password/);
  expect(parseSettings({ ...NOWHERE, DASHBOARD_READ, DASHBOARD_PASSWORD: 'x' }).read).toBe(
    'signed-in',
  );
});

test.each([
  ['DASHBOARD_READ', 'anyone, signed-in'],
  ['DASHBOARD_RECORD', 'on, off'],
  ['LOG_FORMAT', 'auto, json, plain'],
  ['LOG_LEVEL', 'error, warn, info, debug'],
])('rejects an unknown word for %s and lists the known ones', (name, words) => {
  expect(() => parseSettings({ ...NOWHERE, [name]: 'x' })).toThrow(
    `${name}: has to be one of ${words}`,
  );
});

test('reads where the history is kept, and rejects a path that depends on where the dashboard runs', () => {
  const folder = (DASHBOARD_STATE: string) =>
    parseSettings({ ...NOWHERE, DASHBOARD_STATE, DASHBOARD_RECORD: 'off' });
  expect(folder('/var/lib/clusterhat')).toMatchObject({
    record: false,
    stateFolder: '/var/lib/clusterhat',
  });
  expect(() => folder('state')).toThrow('DASHBOARD_STATE: has to be the path of a folder');
  expect(() => folder(`/${'é'.repeat(50)}`)).toThrow('has to be at most 100 bytes long');
});
