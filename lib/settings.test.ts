import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettings } from './settings';

test('nothing set: the local socket, the seed’s names, read-only because it listens on everything', () => {
  expect(parseSettings({})).toEqual({
    engine: { socketPath: '/var/run/docker.sock' },
    hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'],
    echoService: 'goweb',
    loopbackOnly: false,
    password: null,
  });
});

test.each(['127.0.0.1', '::1', 'localhost'])('%s is loopback', (HOSTNAME) => {
  expect(parseSettings({ HOSTNAME }).loopbackOnly).toBe(true);
});

test.each([
  ['unix:///run/user/1000/docker.sock', { socketPath: '/run/user/1000/docker.sock' }],
  ['unix://', { socketPath: '/var/run/docker.sock' }],
  ['tcp://ctrl:2375', { host: 'ctrl', port: 2375 }],
  ['tcp://ctrl', { host: 'ctrl', port: 2375 }],
  ['http://172.19.181.254:80', { host: '172.19.181.254', port: 80 }],
])('DOCKER_HOST=%s', (DOCKER_HOST, engine) => {
  expect(parseSettings({ DOCKER_HOST }).engine).toEqual(engine);
});

test.each(['ssh://ctrl', 'ctrl', '/var/run/docker.sock', 'tcp://'])(
  'DOCKER_HOST=%s is refused by name',
  (DOCKER_HOST) => {
    expect(() => parseSettings({ DOCKER_HOST })).toThrow(/DOCKER_HOST.*unix:/);
  },
);

test('the HAT’s names: spaces do not matter, doubles and nothing do', () => {
  expect(parseSettings({ CLUSTERHAT_NODES: ' cbridge, p1,p2 ,' }).hat).toEqual([
    'cbridge',
    'p1',
    'p2',
  ]);
  expect(() => parseSettings({ CLUSTERHAT_NODES: 'p1,p1' })).toThrow(/CLUSTERHAT_NODES/);
  expect(() => parseSettings({ CLUSTERHAT_NODES: ',' })).toThrow(/CLUSTERHAT_NODES/);
});

test('a password from the environment or a file, without the file’s last line break', () => {
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

test('an empty variable is an unset one', () => {
  expect(parseSettings({ DOCKER_HOST: '', ECHO_SERVICE: '', HOSTNAME: '' })).toEqual(
    parseSettings({}),
  );
});
