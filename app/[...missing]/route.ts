import { guardRead, missingResponse } from '@/lib/http';
import { getSettings } from '@/lib/settings';

export const dynamic = 'force-dynamic';

/** Whatever no other route has: Next's own page for it would load scripts from beside itself. */
function missing(request: Request): Response {
  return guardRead(request) ?? missingResponse(request, getSettings().origin);
}

export { missing as DELETE, missing as GET, missing as PATCH, missing as POST, missing as PUT };
