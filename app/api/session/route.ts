import { signInRequestSchema } from '@/lib/api';
import { signIn, signOut } from '@/lib/auth';
import { problemResponse, readJson } from '@/lib/http';

/** Signs in: a cookie that scripts cannot read, and a token that other ports of the host cannot. */
export async function POST(request: Request): Promise<Response> {
  const read = await readJson(request, signInRequestSchema);
  if (!read.ok) return read.response;
  const result = signIn(request.headers, read.body.password);
  if (!result.ok) {
    const { kind, detail, next, retryAfter } = result.refusal;
    return problemResponse(kind, detail, next, { retryAfter });
  }
  return respond(Response.json(result.body, { headers: NOT_STORED }), result.cookies);
}

/** Signs out: ends the session whose token the request carries, and removes the cookie. */
export function DELETE(request: Request): Response {
  return respond(new Response(null, { status: 204 }), signOut(request.headers));
}

const NOT_STORED = { 'Cache-Control': 'no-store' };

function respond(response: Response, cookies: string[]): Response {
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}
