import { createHash } from 'node:crypto';
import type { DemoPlatform } from './types';

/** What the demo knows of an image: where it runs, whether it serves HTTP, how its process ends. */
export interface Image {
  /** As a registry lists them. */
  platforms: (DemoPlatform & { variant?: string })[];
  /** The TCP port at which its process serves HTTP; undefined if it does not. */
  listens: number | undefined;
  /** The lowest ARM that its 32-bit build runs on. */
  needsArm: 6 | 7;
  /** How long after its start, and with which code, the process ends by itself; undefined if it does not. */
  exits: { code: number; afterMs: number } | undefined;
  /** Its process is echo-server, which ends at once for some arguments. */
  isEchoServer: boolean;
  /** Milliseconds of a first pull on a Zero. */
  pullMs: number;
}

const arm6 = { Architecture: 'arm', OS: 'linux', variant: 'v6' };
const arm7 = { Architecture: 'arm', OS: 'linux', variant: 'v7' };
const arm64 = { Architecture: 'arm64', OS: 'linux', variant: 'v8' };
const amd64 = { Architecture: 'amd64', OS: 'linux' };

const common = {
  listens: undefined,
  needsArm: 6,
  exits: undefined,
  isEchoServer: false,
  pullMs: 2500,
} as const;
const echo = { ...common, listens: 8080, isEchoServer: true, pullMs: 900 } as const;

/**
 * The images that exist, by repository and tag (`*` is any other tag). goweb has several tags to
 * update to, and one for each way in which an image fails on a ClusterHAT: built for ARMv7 only, for
 * a PC only, crashing, ending.
 */
const CATALOGUE: Record<string, Record<string, Image>> = {
  'carmeloc/goweb': {
    '1.0': { ...echo, platforms: [arm6], pullMs: 0 },
    '1.1': { ...echo, platforms: [arm6] },
    '2.0': { ...echo, platforms: [arm6, arm64, amd64] },
    latest: { ...echo, platforms: [arm6] },
    armv7: { ...echo, platforms: [arm7], needsArm: 7 },
    amd64: { ...echo, platforms: [amd64] },
    crash: { ...common, platforms: [arm6], exits: { code: 1, afterMs: 400 }, pullMs: 900 },
    done: { ...common, platforms: [arm6], exits: { code: 0, afterMs: 1500 }, pullMs: 900 },
  },
  'carmeloc/clusterhat-dashboard': {
    '*': { ...common, platforms: [arm7, arm64, amd64], listens: 3000 },
  },
  'traefik/whoami': { '*': { ...common, platforms: [arm6, arm7, arm64, amd64], listens: 80 } },
  nginx: { '*': { ...common, platforms: [arm7, arm64, amd64], listens: 80, pullMs: 6000 } },
  alpine: {
    '*': { ...common, platforms: [arm6, arm7, arm64, amd64], exits: { code: 0, afterMs: 200 } },
  },
  busybox: {
    '*': { ...common, platforms: [arm6, arm7, arm64, amd64], exits: { code: 0, afterMs: 200 } },
  },
};

/** Finds an image by reference, with or without tag and digest; undefined if it does not exist. */
export function findImage(reference: string): Image | undefined {
  const { repository, tag } = splitReference(reference);
  const tags = CATALOGUE[repository];
  return tags?.[tag] ?? tags?.['*'];
}

/** A reference's digest: the same each time. */
export function digestOf(reference: string): string {
  const { repository, tag } = splitReference(reference);
  return `sha256:${createHash('sha256').update(`${repository}:${tag}`).digest('hex')}`;
}

/** Repository and tag of a reference, with Docker's defaults filled in and its prefixes removed. */
export function splitReference(reference: string): { repository: string; tag: string } {
  const bare = reference
    .replace(/@.*$/, '')
    .replace(/^docker\.io\//, '')
    .replace(/^library\//, '');
  const match = /^(.*?)(?::([\w][\w.-]{0,127}))?$/.exec(bare);
  return { repository: match?.[1] ?? bare, tag: match?.[2] ?? 'latest' };
}

/** Whether a text is an image reference, approximately by the grammar of distribution. */
export function isReference(text: string): boolean {
  return /^[a-z0-9]+([._-]+[a-z0-9]+)*(:\d+)?(\/[a-z0-9]+(([._]|__|-+)[a-z0-9]+)*)*(:[\w][\w.-]{0,127})?(@[a-z0-9]+:[0-9a-f]{32,})?$/.test(
    text,
  );
}

/** The registry that a reference names, and the rest; null for Docker's own. */
export function splitDomain(text: string): { domain: string | null; rest: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(0, slash));
  const isRegistry = slash > 0 && (/[.:]/.test(first) || first === 'localhost');
  if (!isRegistry || first === 'docker.io') return { domain: null, rest: text };
  return { domain: first, rest: text.slice(slash + 1) };
}

/** The engine's words on text that is no image reference (distribution/reference); null for one that is. */
export function referenceProblem(text: string): string | null {
  const [name = ''] = text.split('@');
  const { repository } = splitReference(name);
  if (isReference(text)) {
    return repository.length > 255 ? 'repository name must not be more than 255 characters' : null;
  }
  return isReference(text.toLowerCase())
    ? 'invalid reference format: repository name must be lowercase'
    : 'invalid reference format';
}
