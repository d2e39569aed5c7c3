import { demoChangeSchema, demoStateSchema, type DemoState } from '@/lib/demo-control';
import { askDemo, demoControl } from '@/lib/engine';
import {
  audienceOf,
  engineProblem,
  guardChange,
  guardRead,
  note,
  problemResponse,
  readJson,
  recorded,
} from '@/lib/http';
import { getFeed } from '@/lib/live';
import { getSettings } from '@/lib/settings';

/** Which faults are on in the embedded demo swarm; 404 on a real one. */
export async function GET(request: Request): Promise<Response> {
  return guardRead(request) ?? answer(request);
}

/** Starts or ends a fault in the embedded demo swarm. */
export const POST = recorded('demo fault', '/api/demo', makeFault);

async function makeFault(request: Request): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, demoChangeSchema);
  if (!read.ok) return read.response;
  note(request, { command: `demo control POST ${read.body.path}` });
  return answer(request, read.body);
}

async function answer(
  request: Request,
  change?: { path: string; body: unknown },
): Promise<Response> {
  const feed = getFeed();
  try {
    // While the demo's engine is "stopped", its last `/info` still identifies it as the demo.
    const info = feed.info() ?? (await feed.fresh().then(() => feed.info()));
    const control = info && demoControl(info, getSettings().engine);
    if (!control) return problemResponse('not-found', 'This swarm is real: it takes no faults.');
    const state = demoStateSchema.parse(await askDemo(control, change));
    // The socket's path is the host's.
    const dockerHost = audienceOf(request.headers) === 'private' ? state.dockerHost : null;
    return Response.json({ ...state, dockerHost } satisfies DemoState, {
      headers: { 'Cache-Control': 'no-store' },
    });
  } catch (error) {
    return engineProblem(error, request);
  } finally {
    if (change) feed.wake();
  }
}
