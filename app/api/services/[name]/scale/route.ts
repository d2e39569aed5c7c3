import { scaleRequestSchema } from '@/lib/api';
import { answerChange, guardChange, readJson, recorded } from '@/lib/http';
import { getEngine } from '@/lib/live';
import { getSettings } from '@/lib/settings';
import { patchSpec } from '@/lib/swarm/spec/patch-spec';
import { nameOf } from '@/lib/swarm/spec/raw-spec';
import { updatedEntry } from '@/lib/swarm/spec/timeline-entries';
import { shell } from '@/lib/swarm/shell';

/** Sets a service's replica count. 202 because the engine starts or stops the tasks afterwards. */
export const POST = recorded('scale', '/api/services/[name]/scale', scale);

async function scale(
  request: Request,
  { params }: { params: Promise<{ name: string }> },
): Promise<Response> {
  const refusal = guardChange(request);
  if (refusal) return refusal;
  const read = await readJson(request, scaleRequestSchema(getSettings().maxReplicas));
  if (!read.ok) return read.response;
  const { name } = await params;
  const { replicas } = read.body;
  return answerChange(request, {
    name,
    commandOf: (named) => shell`docker service scale ${`${named}=${replicas}`}`,
    async make(announce) {
      const { from, to } = await getEngine().scale(name, replicas, (now) => {
        announce(now, updatedEntry(nameOf(now), now, patchSpec(now.Spec, { replicas })));
      });
      return { body: { service: name, from, to }, written: from !== to };
    },
  });
}
