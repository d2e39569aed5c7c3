import {
  answerChange,
  dryRunResponse,
  engineProblem,
  guardChange,
  isDryRun,
  presentSwarm,
  recorded,
  refuseBody,
} from '@/lib/http';
import { getEngine } from '@/lib/live';
import { restartCommand } from '@/lib/swarm/spec/commands';
import { restartPreview } from '@/lib/swarm/spec/previews';
import { nameOf } from '@/lib/swarm/spec/raw-spec';
import { restartedEntry } from '@/lib/swarm/spec/timeline-entries';

/**
 * Replaces every task of a service, as `docker service update --force` does; the new ones are spread over the nodes.
 * With `?dry-run` only shows where they would run.
 */
export const POST = recorded('restart', '/api/services/[name]/restart', restart);

async function restart(
  request: Request,
  { params }: { params: Promise<{ name: string }> },
): Promise<Response> {
  const refusal = guardChange(request, { hasDryRun: true }) ?? (await refuseBody(request));
  if (refusal) return refusal;
  const { name } = await params;
  const engine = getEngine();
  if (isDryRun(request)) {
    try {
      const now = await engine.inspectService(name, request.signal);
      const present = await presentSwarm();
      const preview = present && restartPreview(present.swarm, present.names, now.ID);
      return dryRunResponse({ command: restartCommand(nameOf(now)), preview }, now);
    } catch (error) {
      return engineProblem(error, request);
    }
  }
  return answerChange(request, {
    name,
    commandOf: restartCommand,
    async make(announce) {
      const { before, warnings } = await engine.restartService(name, {
        check: (now) => announce(now, restartedEntry(nameOf(now), now)),
      });
      const body = { service: nameOf(before), id: before.ID, changed: true, image: null, warnings };
      return { body, written: true };
    },
  });
}
