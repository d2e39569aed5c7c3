import type { ImageLookup } from '../swarm/image-lookup';
import { parseImage } from '../swarm/spec/image-reference';
import { isEngineError, isRefusal } from './errors';

/** A registry can be slow, or its name take long to resolve without a network (ms). */
const REGISTRY_MS = 10_000;

/** The answer of `GET /distribution/{image}/json`. */
interface Answer {
  Descriptor: { digest: string };
  Platforms?: { architecture: string; os: string; variant: string }[] | null | undefined;
}

/**
 * See `Engine.distribution`. Whether a refusal is the registry's or a proxy's makes no difference: either way nothing
 * is known of the image.
 */
export async function lookupOf(
  get: (path: string, timeoutMs: number) => Promise<Answer>,
  image: string,
): Promise<ImageLookup> {
  const parsed = parseImage(image);
  if ('error' in parsed) return { state: 'unknown', reason: parsed.error };
  try {
    // Slashes, colons and @ stay: a proxy compares the path as it was sent.
    const answer = await get(`/distribution/${encodeURI(image)}/json`, REGISTRY_MS);
    const platforms = answer.Platforms ?? [];
    return { state: 'found', digest: answer.Descriptor.digest, platforms };
  } catch (error) {
    if (!isEngineError(error)) throw error;
    const state = error.kind === 'not-found' && !isRefusal(error) ? 'missing' : 'unknown';
    return { state, reason: error.message };
  }
}
