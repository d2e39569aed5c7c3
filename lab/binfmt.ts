import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './exec';
import { LabFailure } from './failure';
import { isAnotherLab, LAB_NAME } from './layout';
import { isMarked, isMountPoint, mark, unmark } from './markers';

const BINFMT = '/proc/sys/fs/binfmt_misc';
const ENTRY = LAB_NAME === '' ? 'clusterhat-lab-arm' : `clusterhat-lab-arm-${LAB_NAME}`;
/** Debian's QEMU user emulation that keeps argv[0] (flag P). */
const INTERPRETER = '/usr/libexec/qemu-binfmt/arm-binfmt-P';

/** ELF, 32 bit, little endian, executable or shared, for ARM: QEMU's magic and mask. */
const MAGIC = String.raw`\x7f\x45\x4c\x46\x01\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x28\x00`;
const MASK = String.raw`\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff`;

/**
 * Registers QEMU with this machine's kernel for ARM programs, also inside containers (flag F opens the
 * interpreter now). Only in the kernel and under the lab's name: Debian's binfmt-support stays unchanged.
 * Does nothing if ARM programs run already.
 */
export async function enableArm(): Promise<void> {
  if (process.arch === 'arm' || armHandler() !== undefined) return;
  if (!existsSync(join(BINFMT, 'register'))) {
    mark('binfmt-mounted');
    await run('mount', ['-t', 'binfmt_misc', 'binfmt_misc', BINFMT]);
  }
  if (armHandler() !== undefined) return;
  try {
    writeFileSync(join(BINFMT, 'register'), `:${ENTRY}:M:0:${MAGIC}:${MASK}:${INTERPRETER}:FP`);
  } catch (error) {
    throw new LabFailure(
      `the kernel refused QEMU as the interpreter of ARM programs: ${String(error)}`,
    );
  }
}

/** Restores the machine's binfmt state; does nothing if it was not changed. */
export async function disableArm(): Promise<void> {
  const entry = join(BINFMT, ENTRY);
  if (existsSync(entry)) writeFileSync(entry, '-1');
  // The last unmount unregisters all formats, which another lab may need.
  if (!isMarked('binfmt-mounted') || isAnotherLab()) return;
  if (isMountPoint(BINFMT)) await run('umount', [BINFMT]);
  unmark('binfmt-mounted');
}

/** The name of the enabled entry that runs ARM programs, the lab's or another. */
function armHandler(): string | undefined {
  if (!existsSync(join(BINFMT, 'register'))) return undefined;
  const magic = MAGIC.replaceAll(String.raw`\x`, '');
  return (
    readdirSync(BINFMT)
      .filter((name) => name !== 'register' && name !== 'status')
      // Another lab's entry is removed with that lab.
      .filter((name) => name === ENTRY || !name.startsWith('clusterhat-lab-arm'))
      .find((name) => {
        const text = readFileSync(join(BINFMT, name), 'utf8');
        // Without F the interpreter is looked up inside the container, which has none.
        return (
          text.startsWith('enabled') && text.includes(`magic ${magic}`) && /^flags: .*F/m.test(text)
        );
      })
  );
}
