import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parseSettings } from '@/lib/settings';
import { accessLine } from './access';

const NETWORK = { HOSTNAME: '0.0.0.0' };
const LOOPBACK = { HOSTNAME: '127.0.0.1' };
const GUEST = { DASHBOARD_GUEST_PASSWORD: 'guest' };
const TOKEN = { DASHBOARD_TOKEN: '0123456789abcdef0123' };

const lineOf = (environment: Record<string, string>) =>
  accessLine(parseSettings({ HOME: '/nowhere', ...environment }));

test.each([
  [LOOPBACK, /^open: anyone on this machine/],
  [NETWORK, /^read-only: it can be reached over the network and has no password/],
  [{ ...NETWORK, ...GUEST }, /^no operator can sign in: .*; guests may fire requests$/],
  [{ ...LOOPBACK, ...GUEST, DASHBOARD_READ: 'signed-in' }, /; guests may fire requests$/],
  [{ ...NETWORK, ...TOKEN }, /; DASHBOARD_TOKEN may change the swarm$/],
  [{ ...NETWORK, ...GUEST, ...TOKEN }, /guests may fire requests, DASHBOARD_TOKEN may change/],
])('with %j the start message names who may change the swarm', (environment, line) => {
  expect(lineOf(environment)).toMatch(line);
});

test('prints nothing when operators have a password', () => {
  expect(lineOf({ ...NETWORK, ...GUEST, DASHBOARD_PASSWORD: 'x' })).toBeNull();
});

test('names an empty password file, also on loopback', () => {
  const directory = mkdtempSync(join(tmpdir(), 'clusterhat-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const DASHBOARD_PASSWORD_FILE = join(directory, 'password');
  writeFileSync(DASHBOARD_PASSWORD_FILE, '\n');
  for (const place of [LOOPBACK, NETWORK]) {
    expect(lineOf({ ...place, DASHBOARD_PASSWORD_FILE })).toBe(
      'read-only: no secret in DASHBOARD_PASSWORD_FILE',
    );
  }
});
