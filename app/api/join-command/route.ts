import { engineProblem, guardChange, note, readJson, recorded, whoOf } from '@/lib/http';
import { getEngine, getFeed } from '@/lib/live';
import { shell } from '@/lib/swarm/shell';
import { joinRequestSchema } from '@/lib/swarm/spec/answers';
import { rotatedTokenEntry } from '@/lib/swarm/spec/timeline-entries';

/**
 * The command that joins a node; `rotate` makes its token invalid first. It contains a secret: POST, and only for
 * operators.
 */
export const POST = recorded('show join command', '/api/join-command', showJoinCommand);

async function showJoinCommand(request: Request): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, joinRequestSchema, { empty: {} });
  if (!read.ok) return read.response;
  const { role, rotate } = read.body;
  const command = rotate
    ? shell`docker swarm join-token --rotate ${role}`
    : shell`docker swarm join-token ${role}`;
  note(request, { command });
  try {
    if (rotate) await rotateToken(role, request.headers);
    const join = await getEngine().joinCommand(role);
    return Response.json(
      { command: join, role, rotated: rotate },
      { headers: { 'Cache-Control': 'no-store' } },
    );
  } catch (error) {
    // A refusal is shown where the command is.
    getFeed().wake();
    return engineProblem(error, request);
  }
}

/** Makes a new token; no view shows that, so the timeline has it from here. */
async function rotateToken(role: 'worker' | 'manager', headers: Headers): Promise<void> {
  const announced = getFeed().announce({
    ...rotatedTokenEntry(role),
    by: whoOf(headers),
    id: null,
  });
  try {
    await getEngine().rotateJoinToken(role);
    announced.accepted();
  } finally {
    // No effect after it was accepted.
    announced.failed();
  }
}
