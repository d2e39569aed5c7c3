import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { run } from './commands.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/**
 * Installs Debian packages (as root) without starting their services, such as an
 * engine on the machine. apt-get's output goes to stderr.
 * @param {readonly string[]} packages
 * @returns {Promise<boolean>} whether apt-get ended well
 */
export async function aptInstall(packages) {
  // Debian's way to keep packages from starting services; an existing file is kept.
  const ours = !existsSync(POLICY);
  const remove = () => ours && rmSync(POLICY, { force: true });
  // Also when a signal ends this process.
  process.once('exit', remove);
  if (ours) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await apt('update');
    return await apt('install', '-y', '--no-install-recommends', ...packages);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

/** @param {string[]} args */
async function apt(...args) {
  const quiet = ['-qq', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0'];
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const { ok, output } = await run(['apt-get', ...quiet, ...args], { env, buffered: true });
  process.stderr.write(output);
  return ok;
}
