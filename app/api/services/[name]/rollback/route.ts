import {
  answerChange,
  dryRunResponse,
  engineProblem,
  guardChange,
  isDryRun,
  recorded,
  refuseBody,
  wantsSecrets,
} from '@/lib/http';
import { withNumbers } from '@/lib/swarm/lossless-json';
import { getEngine } from '@/lib/live';
import { rollbackCommand } from '@/lib/swarm/spec/commands';
import { specDifference } from '@/lib/swarm/spec/difference';
import { effectOf } from '@/lib/swarm/spec/effect';
import { nameOf, updateStateOf } from '@/lib/swarm/spec/raw-spec';
import { rolledBackEntry } from '@/lib/swarm/spec/timeline-entries';

/**
 * Undoes the last change of a service, whatever it was; a second rollback undoes the first. With `?dry-run` only shows
 * the difference.
 */
export const POST = recorded('roll back', '/api/services/[name]/rollback', rollBack);

async function rollBack(
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
      const spec = withNumbers(now.Spec);
      const previous = now.PreviousSpec && withNumbers(now.PreviousSpec);
      const secrets = wantsSecrets(request);
      const body = {
        command: rollbackCommand(nameOf(now)),
        differences: previous && specDifference(spec, previous, { secrets }),
        text: previous
          ? effectOf(spec, previous, {
              policy: 'RollbackConfig',
              update: updateStateOf(now.json),
            })
          : '',
      };
      return dryRunResponse(body, now);
    } catch (error) {
      return engineProblem(error, request);
    }
  }
  return answerChange(request, {
    name,
    commandOf: rollbackCommand,
    async make(announce) {
      const { before, warnings } = await engine.rollbackService(name, {
        check: (now) => announce(now, rolledBackEntry(nameOf(now), now)),
      });
      const body = { service: nameOf(before), id: before.ID, changed: true, image: null, warnings };
      return { body, written: true };
    },
  });
}
