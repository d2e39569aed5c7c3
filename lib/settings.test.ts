import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettings } from './settings';

/** No docker context and no socket of this machine's user. */
const NOWHERE = { HOME: '/nowhere' };

test('nothing set: the local socket, the seed’s names, read-only because it listens on everything', () => {
  expect(parseSettings(NOWHERE)).toEqual({
    engine: { kind: 'unix', socketPath: '/var/run/docker.sock' },
    hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'],
    echoService: 'goweb',
    command: 'clusterhat',
    loopbackOnly: false,
    password: null,
  });
});

test.each(['127.0.0.1', '::1', 'localhost'])('%s is loopback', (HOSTNAME) => {
  expect(parseSettings({ HOSTNAME }).loopbackOnly).toBe(true);
});

test('the engine is the one that the environment means', () => {
  expect(parseSettings({ DOCKER_HOST: 'tcp://[::1]:2399' }).engine).toEqual({
    kind: 'tcp',
    host: '::1',
    port: 2399,
  });
});

test('an engine that makes no sense is refused by the name of what named it', () => {
  expect(() => parseSettings({ DOCKER_HOST: '/var/run/docker.sock' })).toThrow(
    /^DOCKER_HOST is .*unix:/,
  );
  expect(() => parseSettings({ HOME: '/nowhere', DOCKER_CONTEXT: 'pi' })).toThrow(/context "pi"/);
});

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
  expect(parseSettings({ ...NOWHERE, DOCKER_HOST: '', ECHO_SERVICE: '', HOSTNAME: '' })).toEqual(
    parseSettings(NOWHERE),
  );
});
