import type { EngineNode, EngineTask } from './engine-json';
import { naturalOrder } from './natural';
import { listed } from './words';

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
] as const;

/** Two names for one architecture: swarmkit manager/scheduler/filter.go, `PlatformFilter`. */
const SAME: Record<string, string> = { x86_64: 'amd64', aarch64: 'arm64' };
const normal = (arch: string) => SAME[arch] ?? arch;

/** `armv6l`, `armv7l` and the `arm` of image manifests: ARM that runs 32-bit code only. */
const isArm32 = (arch: string) => /^arm(v\d+l|hf|el)?$/.test(arch);
/** docker's client records ARM images with an empty architecture, because nodes report `armv7l`. */
const imageArch = (arch: string) => normal(arch || 'arm');

/** What a service or task records of its image's platforms; attestations are `unknown` there. */
export function imagePlatforms({ Placement }: EngineTask['Spec']): Platform[] {
  return (Placement?.Platforms ?? []).map(({ Architecture = '', OS = '' }) => ({
    os: OS,
    arch: Architecture,
  }));
}

/** The nodes that can be given tasks, with what they are. */
export function nodePlatforms(nodes: readonly EngineNode[]): NodePlatform[] {
  return nodes
    .filter(({ Status, Spec }) => Status.State === 'ready' && Spec.Availability === 'active')
    .map(nodePlatform);
}

/** One node with what it is. */
export function nodePlatform({ ID, Description }: EngineNode): NodePlatform {
  return {
    name: Description?.Hostname || ID.slice(0, 12),
    os: Description?.Platform?.OS ?? '',
    arch: Description?.Platform?.Architecture ?? '',
  };
}

/** As swarmkit compares an image's platform with a node. */
const matches = (image: Platform, node: Platform) =>
  (image.arch === '' || normal(image.arch) === normal(node.arch)) &&
  (image.os === '' || image.os === node.os);

/** As processors are: an ARM image without an architecture is 32-bit, and so is every `armv6l`. */
const suits = (image: Platform, node: Platform) =>
  isArm32(node.arch) ? isArm32(imageArch(image.arch)) : imageArch(image.arch) === normal(node.arch);

/** The nodes on which swarm's platform filter lets no task of this image run. */
export function excludedNodes(
  { image, nodes }: PlatformContext,
  compare: typeof matches = matches,
): NodePlatform[] {
  if (image.length === 0) return [];
  return nodes.filter((node) => !image.some((one) => compare(one, node)));
}

/** An image's platforms in words, `linux/arm64 and linux/amd64`; null when none is recorded. */
export function platformWords(image: readonly Platform[]): string | null {
  const names = image
    .filter(({ arch }) => arch !== 'unknown')
    .map(({ os, arch }) => `${os || 'linux'}/${imageArch(arch)}`);
  return names.length === 0 ? null : listed([...new Set(names)]);
}

/** `ctrl (aarch64), zero1 and zero2 (armv6l)`: by architecture, by name. */
function nodeNames(unsorted: readonly NodePlatform[]): string {
  const nodes = unsorted.toSorted((a, b) => naturalOrder(a.name, b.name));
  return [...new Set(nodes.map(({ arch }) => arch))]
    .map((arch) => {
      const names = nodes.filter((node) => node.arch === arch).map(({ name }) => name);
      return `${listed(names)} (${arch || 'unknown processor'})`;
    })
    .join(', ');
}

/** How to build an image that every node runs: Docker's names of what the nodes are. */
export function buildAdvice(nodes: readonly Platform[]): string {
  const targets = nodes.map(({ os, arch }) =>
    isArm32(arch) ? 'linux/arm/v6' : `${os || 'linux'}/${normal(arch)}`,
  );
  const known = [...new Set(targets)].filter((name) => !name.endsWith('/')).sort();
  // Without a node to look at: a ClusterHAT with a controller of either kind.
  const platforms = known.length > 0 ? known : ['linux/arm/v6', 'linux/arm64'];
  const together = platforms.length > 1 ? ' in one manifest' : '';
  return `Build it for ${listed(platforms)}${together}: \`docker buildx build --platform ${platforms.join(',')} --push\``;
}

/**
 * Which nodes the platform filter keeps the image off, by name, why, and the way out; null when it
 * keeps it off none. `told`: the engine says that there are some, so where its record matches every
 * node, those are named whose processor is another one.
 */
export function platformLimit(
  context: PlatformContext,
  told = false,
): { text: string; help: PlatformHelp } | null {
  let excluded = excludedNodes(context);
  if (told && excluded.length === 0) excluded = excludedNodes(context, suits);
  if (excluded.length === 0) return null;
  const names = nodeNames(excluded);
  const real = context.image.filter(({ arch }) => arch !== 'unknown');
  const all = (test: (arch: string) => boolean) =>
    real.length > 0 &&
    real.every(({ os, arch }) => (os || 'linux') === 'linux' && test(imageArch(arch)));
  const advice = buildAdvice(context.nodes);
  if (all((arch) => arch === 'arm64')) {
    return {
      help: 'image-arm64-only',
      text: `The image is for 64-bit ARM only (linux/arm64), and ${names} cannot run it. ${advice}.`,
    };
  }
  if (all(isArm32)) {
    return {
      help: 'image-arm32-only',
      text: `The image is for 32-bit ARM only (${platformWords(real)}), so swarm keeps it off ${names}. ${advice}, or create the service anew with --no-resolve-image.`,
    };
  }
  return {
    help: 'image-other-processor',
    text: `The image is for ${platformWords(real) ?? 'no known platform'} only, and ${names} cannot run it. ${advice}.`,
  };
}

/**
 * What the image of a task that broke on `node` seems to be made for: what the engine's error says,
 * else what is recorded where the node does not match that; null when nobody knows.
 */
export function seemsFor(
  image: readonly Platform[],
  node: NodePlatform,
  error: string,
): string | null {
  const told = /actual: ([\w/]+)|its platform \(([\w/]+)\)/.exec(error);
  if (told) return told[1] ?? told[2] ?? null;
  return image.some((one) => suits(one, node)) ? null : platformWords(image);
}

/** Whether the node is a Pi Zero's kind: ARMv6, on which code for newer ARMs dies. */
export function isArmv6({ arch }: Platform): boolean {
  return arch.startsWith('armv6');
}
