import { buildCommand } from '../hints/cures';
import type { EngineNode, EngineTask } from '../engine-json';
import { naturalOrder } from '../natural';
import { inSentence, listed } from '../words';

/** What a ClusterHAT with a 64-bit controller needs. */
export const HAT_PLATFORMS = ['linux/arm/v6', 'linux/arm64'] as const;

/** What swarm's scheduler compares: an empty part matches everything. */
export interface Platform {
  os: string;
  arch: string;
}

/** A node and what it is. */
export interface NodePlatform extends Platform {
  name: string;
}

/** What an image is made for as far as the engine recorded it, and the nodes beside it. */
export interface PlatformContext {
  /** Empty when nothing is recorded, as after `--no-resolve-image`: swarm then compares nothing. */
  image: readonly Platform[];
  /** The nodes that take new tasks. */
  nodes: readonly NodePlatform[];
}

/** Why swarm keeps an image off some nodes: ids of `troubleshooting.ts`. */
export type PlatformHelp = (typeof PLATFORM_HELP)[number];
/** All of them. */
export const PLATFORM_HELP = [
  'image-arm64-only',
  'image-arm32-only',
  'image-other-processor',
  'image-other-name',
] as const;

/** Two names for one architecture: swarmkit manager/scheduler/filter.go, `PlatformFilter`. */
const SAME: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };
const normal = (arch: string) => SAME[arch] ?? arch;

/** `armv6l`, `armv7l` and the `arm` of image manifests: ARM that runs 32-bit code only. */
const isArm32 = (arch: string) => /^arm(v\d+l|hf|el)?$/.test(arch);
/** Docker's names (Go's) of what `uname -m` reports, where they differ. */
const DOCKER_NAMES: Record<string, string> = {
  ...SAME,
  loongarch64: 'loong64',
  // Both byte orders report `mips64`; Docker's official images have the little one only.
  mips64: 'mips64le',
};
export function dockerArch(arch: string): string {
  if (isArm32(arch)) return 'arm';
  if (/^i[3-6]86$/.test(arch)) return '386';
  return DOCKER_NAMES[arch] ?? arch;
}
/** docker's client records ARM images with an empty architecture, because nodes report `armv7l`. */
const imageArch = (arch: string) => normal(arch || 'arm');

/** What a service or task records of its image's platforms; attestations are `unknown` there. */
export function imagePlatforms({ Placement }: EngineTask['Spec']): Platform[] {
  return (Placement?.Platforms ?? []).map(({ Architecture = '', OS = '' }) => ({
    os: OS,
    arch: Architecture,
  }));
}

/** The nodes that can be given tasks, with what they are. `names`: by id, as on the page. */
export function nodePlatforms(
  nodes: readonly EngineNode[],
  names: ReadonlyMap<string, string>,
): NodePlatform[] {
  return nodes
    .filter(({ Status, Spec }) => Status.State === 'ready' && Spec.Availability === 'active')
    .map((node) => nodePlatform(node, names));
}

/** One node with what it is. */
export function nodePlatform(
  { ID, Description }: EngineNode,
  names: ReadonlyMap<string, string>,
): NodePlatform {
  return {
    name: names.get(ID) ?? ID,
    os: Description?.Platform?.OS ?? '',
    arch: Description?.Platform?.Architecture ?? '',
  };
}

/** As swarmkit compares an image's platform with a node. */
const matches = (image: Platform, node: Platform) =>
  (image.arch === '' || normal(image.arch) === normal(node.arch)) &&
  (image.os === '' || image.os === node.os);

/** 7 for `armv7l`; NaN where the name has no version, as in image manifests. */
const armVersion = (arch: string) => Number(/^armv(\d+)/.exec(arch)?.[1]);

/** 64-bit processors whose systems usually, not always, run programs of a 32-bit one. */
const ALSO_RUNS: Record<string, string> = { arm64: 'arm', amd64: '386' };

/** `maybe`: 32-bit programs on a 64-bit node, which is a matter of its system. */
type Ability = 'yes' | 'maybe' | 'no';

/**
 * Whether a node can run an image, regardless of the names that swarm compares. An ARM image without an architecture is
 * 32-bit.
 */
function ability(image: Platform, node: Platform): Ability {
  if ((image.os || 'linux') !== (node.os || 'linux')) return 'no';
  const made = dockerArch(imageArch(image.arch));
  const is = dockerArch(node.arch);
  if (made === is) {
    return armVersion(image.arch) > armVersion(node.arch) ? 'no' : 'yes';
  }
  return ALSO_RUNS[is] === made ? 'maybe' : 'no';
}

/** The best result among the image's platforms. */
function bestAbility(image: readonly Platform[], node: Platform): Ability {
  const each = new Set(image.map((one) => ability(one, node)));
  return each.has('yes') ? 'yes' : each.has('maybe') ? 'maybe' : 'no';
}

/** The nodes on which swarm's platform filter lets no task of this image run. */
export function excludedNodes({ image, nodes }: PlatformContext): NodePlatform[] {
  if (image.length === 0) return [];
  return nodes.filter((node) => !image.some((one) => matches(one, node)));
}

/** An image's platforms in words, `linux/arm64 and linux/amd64`; null when none is recorded. */
export function platformWords(image: readonly Platform[]): string | null {
  const names = image
    .filter(({ arch }) => arch !== 'unknown')
    .map(({ os, arch }) => inSentence(`${os || 'linux'}/${imageArch(arch)}`));
  return names.length === 0 ? null : listed([...new Set(names)]);
}

/** Architectures by which a sentence groups nodes before it only counts the others. */
const MOST_GROUPS = 4;

/** `ctrl (aarch64) and zero1 and zero2 (armv6l)`: by architecture, by name. */
function nodeNames(unsorted: readonly NodePlatform[]): string {
  const nodes = unsorted.toSorted((a, b) => naturalOrder(a.name, b.name));
  const shown = [...new Set(nodes.map(({ arch }) => arch))].slice(0, MOST_GROUPS);
  const groups = shown.map((arch) => {
    const names = nodes.filter((node) => node.arch === arch).map(({ name }) => inSentence(name));
    return `${listed(names)} (${inSentence(arch) || 'unknown processor'})`;
  });
  const others = nodes.filter(({ arch }) => !shown.includes(arch)).length;
  return listed(others > 0 ? [...groups, `${others} more`] : groups);
}

/** What can stand in a command: anything else that a node reports is no platform of Docker's. */
const PLATFORM_NAME = /^[a-z\d]{1,16}\/[a-z\d_]{1,16}(\/v6)?$/;

/** How to build an image that every node runs: Docker's names of what the nodes are. */
export function buildAdvice(nodes: readonly Platform[]): string {
  const targets = nodes.map(
    ({ os, arch }) => `${os || 'linux'}/${isArm32(arch) ? 'arm/v6' : dockerArch(arch)}`,
  );
  const known = [...new Set(targets)].filter((name) => PLATFORM_NAME.test(name)).sort();
  // Without a node to look at: a ClusterHAT with a controller of either kind.
  const platforms = known.length > 0 ? known : HAT_PLATFORMS;
  const together = platforms.length > 1 ? ' in one manifest' : '';
  return `Build it for ${listed(platforms)}${together}: ${buildCommand(platforms)}`;
}

const OWN_CLIENT = "docker's own client";
const NO_RESOLVE = '--no-resolve-image';

/**
 * Which nodes the platform filter keeps the image off, by name, why, and the way out; null when it
 * keeps it off none. `reported`: the engine reports some, so where its record matches every
 * node, those are named whose processor is another one.
 *
 * Swarm compares names, not abilities. A node that can run the image is kept out by the service's
 * record, which another build would not change; `--no-resolve-image` is offered only where no node
 * would then get an image that it cannot run.
 */
export function platformLimit(
  { image, nodes }: PlatformContext,
  reported = false,
): { text: string; help: PlatformHelp } | null {
  const real = image.filter(({ arch }) => arch !== 'unknown');
  let excluded = excludedNodes({ image, nodes });
  if (reported && image.length > 0 && excluded.length === 0) {
    excluded = nodes.filter((node) => bestAbility(real, node) !== 'yes');
  }
  if (excluded.length === 0) return null;
  const those = (wanted: Ability) => excluded.filter((node) => bestAbility(real, node) === wanted);
  const [yes, maybe, no] = [those('yes'), those('maybe'), those('no')];
  const { help, only } = madeFor(real);
  const advice = buildAdvice(nodes);
  // docker's client records `arm` as no architecture, which matches every node.
  const client = yes.every(({ arch }) => isArm32(arch));
  const way = client ? OWN_CLIENT : NO_RESOLVE;
  const again = yes.length > 0 ? `, and create the service again with ${way}` : '';
  if (no.length > 0) {
    const text = `The image is for ${only}, and ${nodeNames(no)} cannot run it. ${keptOff(yes, maybe)}${advice}${again}.`;
    return { help, text };
  }
  if (maybe.length > 0) {
    const names = nodeNames(maybe);
    const can = `${names} ${maybe.length > 1 ? 'run' : 'runs'} 32-bit programs`;
    const text = `The image is for ${only}, so swarm keeps it off ${names}. ${keptOff(yes, [])}${advice}${again}; or, if ${can}, create the service again with ${NO_RESOLVE}.`;
    return { help, text };
  }
  return {
    help: 'image-other-name',
    text: `The service is recorded for ${platformWords(real)}. ${keptOff(yes, [])}Create it again with ${client ? `${OWN_CLIENT}, or with ` : ''}${NO_RESOLVE}.`,
  };
}

/** Nodes that are left out although they can, or may, run the image. */
function keptOff(able: readonly NodePlatform[], maybe: readonly NodePlatform[]): string {
  const can =
    able.length > 0 &&
    `${nodeNames(able)} can run the image: swarm keeps it off only because the names differ. `;
  const may = maybe.length > 0 && `Swarm keeps it off ${nodeNames(maybe)} too. `;
  return `${can || ''}${may || ''}`;
}

/** What an image is made for, in words, and the row about such images. */
function madeFor(real: readonly Platform[]): { help: PlatformHelp; only: string } {
  const words = platformWords(real);
  const all = (wanted: string) =>
    real.length > 0 &&
    real.every(
      ({ os, arch }) => (os || 'linux') === 'linux' && dockerArch(imageArch(arch)) === wanted,
    );
  if (all('arm64')) return { help: 'image-arm64-only', only: '64-bit ARM only (linux/arm64)' };
  if (all('arm')) return { help: 'image-arm32-only', only: `32-bit ARM only (${words})` };
  return { help: 'image-other-processor', only: `${words ?? 'no known platform'} only` };
}

/**
 * What the image of a task that broke on `node` seems to be made for: what the engine's error reports,
 * else what is recorded where that is for another processor; null when unknown. With it whether
 * such a node usually runs such an image.
 */
export function likelyPlatform(
  image: readonly Platform[],
  node: NodePlatform,
  error: string,
): { words: string; usuallyRuns: boolean } | null {
  const found = /actual: ([\w/]+)|its platform \(([\w/]+)\)/.exec(error);
  const name = found?.[1] ?? found?.[2];
  const [os = '', arch = ''] = name?.split('/') ?? [];
  const made = name === undefined ? image : [{ os, arch }];
  const best = bestAbility(made, node);
  if (name === undefined && best === 'yes') return null;
  const words = name === undefined ? platformWords(image) : inSentence(name);
  return words === null ? null : { words, usuallyRuns: best === 'maybe' };
}

/** Whether the node is a Pi Zero's kind: ARMv6, on which code for newer ARMs dies. */
export function isArmv6({ arch }: Platform): boolean {
  return arch.startsWith('armv6');
}
