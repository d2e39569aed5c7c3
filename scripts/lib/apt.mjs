import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs Debian packages (as root) without starting their services, such as an
 * engine on the machine. apt-get's output goes to stderr.
 * @param {readonly string[]} packages
 * @returns {boolean} whether apt-get ended well
 */
export function aptInstall(packages) {
  // Debian's way to keep packages from starting services; an existing file is kept.
  const ours = !existsSync(POLICY);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    apt('update');
    return apt('install', '-y', '--no-install-recommends', ...packages);
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
}

/** @param {string[]} args */
function apt(...args) {
  const quiet = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
  const { status } = spawnSync('apt-get', [...quiet, ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return status === 0;
}
