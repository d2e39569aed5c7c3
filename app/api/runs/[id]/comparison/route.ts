import { guardRead, problemResponse, unknownRun } from '@/lib/http';
import { getRunner } from '@/lib/runner/app-runner';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ id: string }> };

/** The run compared with another, `?with=ID`: what differs, and what of it is noise. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { id } = await params;
  const other = new URL(request.url).searchParams.get('with');
  if (other === null) return problemResponse('bad-request', 'with is the id of another run.');
  const comparison = getRunner().compare(id, other);
  if (!comparison) return unknownRun();
  return Response.json(comparison, { headers: { 'Cache-Control': 'no-store' } });
}
