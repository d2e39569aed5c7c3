import { guardChange, readJson, recorded } from '@/lib/http';
import { getEngine } from '@/lib/live';
import { imageLookupRequestSchema } from '@/lib/swarm/spec/answers';
import { taggedImage } from '@/lib/swarm/spec/image-reference';

/**
 * What the registry says about an image. Only for operators, as the engine then calls any registry that the image
 * names.
 */
export const POST = recorded('look up image', '/api/image-lookup', lookUp);

async function lookUp(request: Request): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, imageLookupRequestSchema);
  if (!read.ok) return read.response;
  const found = await getEngine().distribution(taggedImage(read.body.image), request.signal);
  return Response.json(found, { headers: { 'Cache-Control': 'no-store' } });
}
