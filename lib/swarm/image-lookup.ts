import type { ResolvedImage } from './spec/spec-of';

/** A platform of an image, in a registry's lower-case words. */
export interface ImagePlatform {
  architecture: string;
  os: string;
  variant: string;
}

/** What is known of an image that a registry may have. `reason`: the engine's words. */
export type ImageLookup =
  | { state: 'found'; digest: string; platforms: readonly ImagePlatform[] }
  /** The registry has no such image; nodes may still have it. */
  | { state: 'missing'; reason: string }
  /** It could not be checked: the registry cannot be reached, or wants credentials. */
  | { state: 'unknown'; reason: string };

/** What docker's client would write into a spec; null where it writes the image's name alone. */
export function resolvedImage(lookup: ImageLookup): ResolvedImage | null {
  return lookup.state === 'found' ? lookup : null;
}
