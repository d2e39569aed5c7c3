import { VERSION } from '@/lib/build';
import { guardRead } from '@/lib/http';
import { openApiDocument } from '@/lib/openapi/document';
import { getSettings } from '@/lib/settings';

export const dynamic = 'force-dynamic';

/** Made once: it depends on the build and the settings only. */
let text: string | undefined;

/** The OpenAPI document of this API. */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { maxReplicas, origin } = getSettings();
  const prefix = origin?.prefix ?? '';
  text ??= JSON.stringify(openApiDocument({ version: VERSION, maxReplicas, prefix }));
  return new Response(text, {
    headers: { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' },
  });
}
