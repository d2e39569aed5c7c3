import { MAX_FORM_BODY } from '@/lib/api';
import {
  answerChange,
  dryRunResponse,
  engineProblem,
  guardChange,
  isDryRun,
  note,
  knownSwarm,
  readJson,
  recorded,
  refuseGaps,
} from '@/lib/http';
import { getEngine } from '@/lib/live';
import { getSettings } from '@/lib/settings';
import { resolvedImage } from '@/lib/swarm/image-lookup';
import { checkService } from '@/lib/swarm/spec/checks';
import { createCommand } from '@/lib/swarm/spec/commands';
import { createServiceSchema } from '@/lib/swarm/spec/form';
import { withoutPrivate } from '@/lib/swarm/spec/hidden-values';
import { taggedImage } from '@/lib/swarm/spec/image-reference';
import { refusedField } from '@/lib/swarm/spec/refused-field';
import { specOf } from '@/lib/swarm/spec/spec-of';
import { createdEntry } from '@/lib/swarm/spec/timeline-entries';

/** Creates a service, as `docker service create` does. With `?dry-run` only checks it. */
export const POST = recorded('create', '/api/services', create);

async function create(request: Request): Promise<Response> {
  const refusal = guardChange(request, { hasDryRun: true });
  if (refusal) return refusal;
  const read = await readJson(request, createServiceSchema(getSettings().maxReplicas), {
    most: MAX_FORM_BODY,
  });
  if (!read.ok) return read.response;
  const form = read.body;
  const command = createCommand(form);
  const engine = getEngine();
  // Without the request's signal: a service must not lose its digest because its sender has gone.
  const lookUp = () => engine.distribution(taggedImage(form.image));
  if (isDryRun(request)) {
    try {
      await refuseGaps(form);
      const [image, present] = await Promise.all([lookUp(), knownSwarm()]);
      const spec = specOf(form, resolvedImage(image));
      const checks = present && checkService(spec, form, { ...present, image });
      return dryRunResponse({ command, image, checks: checks ?? [] });
    } catch (error) {
      return engineProblem(error, request);
    }
  }
  note(request, { service: form.name, command: createCommand(withoutPrivate(form)) });
  return answerChange(request, {
    name: form.name,
    status: 201,
    headers: { Location: `services/${encodeURIComponent(form.name)}` },
    fieldOf: (message) => refusedField(message, form),
    async make(announce) {
      await refuseGaps(form);
      const image = await lookUp();
      announce(null, createdEntry(form.name));
      const { id, warnings } = await engine.createService(specOf(form, resolvedImage(image)));
      return { body: { service: form.name, id, image, warnings }, written: true };
    },
  });
}
