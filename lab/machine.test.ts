import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { overlaps } from './network';
import { missingPackages, obstacles } from './packages';
import { identify, isAlive, kill } from './processes';

describe('requirements on the machine', () => {
  it('lists missing packages and missing root', () => {
    const all = missingPackages(() => false);
    expect(all).toContain('docker.io');
    expect(all).toContain('qemu-user-static');
    expect(missingPackages(() => true)).toEqual([]);
    expect(missingPackages((program) => program !== 'nft')).toEqual(['nftables']);
    expect(obstacles(true, [])).toBeUndefined();
    expect(obstacles(false, ['nftables', 'iproute2'])).toBe(
      'the lab lacks root: run it with sudo, and the Debian packages nftables iproute2: run up with --install',
    );
  });

  it('detects overlapping address ranges', () => {
    expect(overlaps('172.16.0.0/12', '172.19.181.0/24')).toBe(true);
    expect(overlaps('172.19.181.7', '172.19.181.0/24')).toBe(true);
    expect(overlaps('172.19.182.0/24', '172.19.181.0/24')).toBe(false);
    expect(overlaps('10.0.0.0/8', '172.19.181.0/24')).toBe(false);
    expect(overlaps('0.0.0.0/0', '172.19.181.0/24')).toBe(true);
  });
});

describe.runIf(process.platform === 'linux')('a recorded process', () => {
  it('is distinguished from a later process with the same pid', async () => {
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    const id = identify(child.pid ?? 0);
    if (id === undefined) throw new Error('the child is not in /proc');
    expect(isAlive(id)).toBe(true);
    expect(isAlive({ ...id, startTime: '1' })).toBe(false);
    // Not the recorded process: it must not be killed.
    await kill({ ...id, startTime: '1' });
    expect(isAlive(id)).toBe(true);
    await kill(id);
    expect(isAlive(id)).toBe(false);
  });
});
