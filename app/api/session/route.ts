import { signInRequestSchema } from '@/lib/api';
import { getSessions, refuseForeign, refusePassword, SESSION_COOKIE, SESSION_MS } from '@/lib/auth';
import { problemResponse, readJson } from '@/lib/http';

/** Signs in: the right password gets a cookie that scripts cannot read. */
export async function POST(request: Request): Promise<Response> {
  const foreign = refuseForeign(request);
  if (foreign) return problemResponse(foreign.kind, foreign.detail, foreign.next);
  const read = await readJson(request, signInRequestSchema);
  if (!read.ok) return read.response;
  const refusal = refusePassword(read.body.password);
  if (refusal) return problemResponse(refusal.kind, refusal.detail, refusal.next);
  return withCookie(getSessions()?.issue() ?? '', SESSION_MS / 1000);
}

/** Signs out. */
export function DELETE(request: Request): Response {
  const foreign = refuseForeign(request);
  if (foreign) return problemResponse(foreign.kind, foreign.detail, foreign.next);
  return withCookie('', 0);
}

// Without Secure: on a home network the dashboard is plain http.
function withCookie(value: string, seconds: number): Response {
  const cookie = `${SESSION_COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${seconds}`;
  return new Response(null, { status: 204, headers: { 'Set-Cookie': cookie } });
}
