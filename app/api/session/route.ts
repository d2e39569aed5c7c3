import { signInRequestSchema } from '@/lib/api';
import { accessOf, signIn, signOut } from '@/lib/auth';
import { getSessions, sessionIds } from '@/lib/auth/caller';
import { TOKEN_HEADER } from '@/lib/auth/client';
import { guardRead, note, problemResponse, readJson, recorded, refuseBody } from '@/lib/http';

/** What this browser may do; 401 when it may not read. */
export function GET(request: Request): Response {
  const refusal = guardRead(request);
  return refusal ?? Response.json(accessOf(request.headers), { headers: NOT_STORED });
}

/** Signs in: a cookie that scripts cannot read, and a token that other ports of the host cannot. */
export const POST = recorded('sign in', '/api/session', start);

async function start(request: Request): Promise<Response> {
  const read = await readJson(request, signInRequestSchema);
  if (!read.ok) return read.response;
  const result = signIn(request.headers, read.body.password);
  if (!result.ok) {
    const { kind, detail, next, retryAfter } = result.refusal;
    return problemResponse(kind, detail, next, { retryAfter });
  }
  note(request, { role: result.body.role });
  return respond(Response.json(result.body, { headers: NOT_STORED }), result.cookies);
}

/** Signs out: ends the session whose token the request carries, and removes the cookie. */
export const DELETE = recorded('sign out', '/api/session', end);

async function end(request: Request): Promise<Response> {
  const refusal = await refuseBody(request);
  if (refusal) return refusal;
  const { headers } = request;
  const sessions = getSessions();
  const own = [sessions.ofToken(headers.get(TOKEN_HEADER)), ...sessions.all(sessionIds(headers))];
  const cookies = signOut(headers);
  // Without a session it is not logged: anyone can send it any number of times.
  const ended = own.find((session) => session?.ended.aborted);
  if (ended) note(request, { role: ended.role });
  return respond(new Response(null, { status: 204 }), cookies);
}

const NOT_STORED = { 'Cache-Control': 'no-store' };

function respond(response: Response, cookies: string[]): Response {
  for (const cookie of cookies) response.headers.append('Set-Cookie', cookie);
  return response;
}
