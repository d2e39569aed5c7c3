import { answersCsv } from '@/lib/curl/answer-table';
import { guardRead, problemResponse, unknownRun } from '@/lib/http';
import { getRunner } from '@/lib/runner/app-runner';

export const dynamic = 'force-dynamic';

type Context = { params: Promise<{ id: string }> };

/** Every answer of a run: JSON, or CSV by `?format=csv` or `Accept: text/csv`. */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardRead(request);
  if (refusal) return refusal;
  const { id } = await params;
  const format = new URL(request.url).searchParams.get('format') ?? accepted(request);
  if (format !== 'csv' && format !== 'json') {
    return problemResponse('bad-request', 'format is csv or json.');
  }
  const answers = getRunner().answers(id);
  const seconds = getRunner().seconds(id);
  if (!answers) return unknownRun();
  const headers = { 'Cache-Control': 'no-store', Vary: 'Accept' };
  if (format === 'json') return Response.json({ id, answers, seconds }, { headers });
  return new Response(answersCsv(answers), {
    headers: {
      ...headers,
      'Content-Type': 'text/csv; charset=utf-8; header=present',
      'Content-Disposition': `attachment; filename="clusterhat-run-${id}.csv"`,
      'X-Content-Type-Options': 'nosniff',
    },
  });
}

/** The first of the two types that the header names; JSON when it names neither. */
function accepted(request: Request): string {
  const [type] = /text\/csv|application\/json/.exec(request.headers.get('accept') ?? '') ?? [];
  return type === 'text/csv' ? 'csv' : 'json';
}
