import { engineProblem, guardChange, note, recorded } from '@/lib/http';
import { getEngine, getFeed } from '@/lib/live';

/** The command that joins a node. It contains a secret: POST, and only for operators. */
export const POST = recorded('show join command', '/api/join-command', showJoinCommand);

async function showJoinCommand(request: Request): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  note(request, { command: 'docker swarm join-token worker' });
  try {
    const command = await getEngine().joinCommand();
    return Response.json({ command }, { headers: { 'Cache-Control': 'no-store' } });
  } catch (error) {
    // A refusal is shown where the command is.
    getFeed().wake();
    return engineProblem(error, request);
  }
}
