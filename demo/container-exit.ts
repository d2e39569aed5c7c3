import { echoExitCode } from './echo/arguments';
import type { Faults } from './faults';
import type { HatNode } from './hat';
import { findImage, type Image } from './images';
import type { TaskSpec } from './types';

/** How a process ends by itself: its exit code, and how long after its start. */
export interface ContainerExit {
  code: number;
  afterMs: number;
}

/** How soon a process ends that cannot run at all. */
const AT_ONCE_MS = 60;
/** Illegal instruction: ARMv7 code on the ARM1176 of a Pi Zero. */
const ILLEGAL_INSTRUCTION = 132;

/**
 * Whether a node can pull an image: one for several platforms only if one of them fits, one for a
 * single platform always.
 */
export function canPull({ platforms }: Image, { arm }: HatNode): boolean {
  if (platforms.length < 2) return true;
  return platforms.some(
    ({ Architecture, variant }) => Architecture === 'arm' && Number(variant?.slice(1)) <= arm,
  );
}

/** How a container of this spec ends by itself on this node; undefined if it runs until stopped. */
export function containerExit(
  { Image, Args }: TaskSpec['ContainerSpec'],
  { arm }: HatNode,
  faults: Faults,
): ContainerExit | undefined {
  const fault = faults.exitOf(Image);
  const image = findImage(Image);
  if (fault || !image) return fault;
  const wrongArchitecture = !image.platforms.some(({ Architecture }) => Architecture === 'arm');
  if (wrongArchitecture) return { code: 1, afterMs: AT_ONCE_MS };
  if (image.platforms.length === 1 && image.needsArm > arm) {
    return { code: ILLEGAL_INSTRUCTION, afterMs: AT_ONCE_MS };
  }
  if (image.exits) return image.exits;
  const code = image.isEchoServer ? echoExitCode(Args ?? []) : undefined;
  return code === undefined ? undefined : { code, afterMs: AT_ONCE_MS };
}
