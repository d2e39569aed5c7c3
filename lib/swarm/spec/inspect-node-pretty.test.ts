import { expect, test } from 'vitest';
import { FULL_NODE } from '@/tests/factories/full-node';
import { inspectNodePretty } from './inspect-node-pretty';

/** The contract compares the same with docker's own client. */

test('prints everything that docker prints', () => {
  expect(inspectNodePretty(FULL_NODE)).toBe(
    [
      'ID:\t\t\tnode1',
      'Name:\t\t\tnick',
      'Labels:',
      ' - a=x',
      ' - b',
      'Hostname:              \tctrl',
      'Joined at:             \t2026-11-28 12:30:31.123456789 +0000 utc',
      'Status:',
      ' State:\t\t\tReady',
      ' Message:              \tHello',
      ' Availability:         \tActive',
      ' Address:\t\t10.0.0.1',
      'Manager Status:',
      ' Address:\t\t10.0.0.1:2377',
      ' Raft Status:\t\tReachable',
      ' Leader:\t\tYes',
      'Platform:',
      ' Operating System:\tlinux',
      ' Architecture:\t\tarmv7l',
      'Resources:',
      ' CPUs:\t\t\t4',
      ' Memory:\t\t435.2MiB',
      'Plugins:',
      ' Network:\t\toverlay, bridge',
      ' Volume:\t\tlocal',
      'Engine Version:\t\t20.10.24',
      'Engine Labels:',
      ' - d',
      ' - e=1',
      'TLS Info:',
      ' TrustRoot:',
      '-----BEGIN CERTIFICATE-----',
      'AAA',
      '-----END CERTIFICATE-----',
      '',
      ' Issuer Subject:\tMBMx',
      ' Issuer Public Key:\tMFkw',
      '',
    ].join('\n'),
  );
});

test('prints a node that has reported nothing', () => {
  expect(inspectNodePretty({ ID: 'node1' })).toBe(
    [
      'ID:\t\t\tnode1',
      'Hostname:              \t',
      'Joined at:             \t0001-01-01 00:00:00 +0000 utc',
      'Status:',
      ' State:\t\t\t',
      ' Availability:         \t',
      'Platform:',
      ' Operating System:\t',
      ' Architecture:\t\t',
      'Resources:',
      ' CPUs:\t\t\t0',
      ' Memory:\t\t',
      'Engine Version:\t\t',
      '',
    ].join('\n'),
  );
});

test.each([
  ['2026-11-28T12:30:31.120Z', '2026-11-28 12:30:31.12 +0000 utc'],
  ['2026-11-28T12:30:31+02:00', '2026-11-28 12:30:31 +0200 +0200'],
  ['yesterday', 'yesterday'],
])('prints the time %s', (CreatedAt, printed) => {
  expect(inspectNodePretty({ CreatedAt })).toContain(`Joined at:             \t${printed}\n`);
});

test('a worker is no leader, and odd parts print nothing', () => {
  const odd = {
    ManagerStatus: { Reachability: 5 },
    Description: { Engine: { Plugins: ['x', { Name: 'y' }] }, TLSInfo: 'none' },
  };
  const text = inspectNodePretty(odd);
  expect(text).toContain(' Leader:\t\tNo\n');
  expect(text).toContain('Plugins:\n :\t\ty\n');
  expect(text).not.toContain('TLS Info');
});
