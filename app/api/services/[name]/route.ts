import { MAX_FORM_BODY } from '@/lib/api';
import {
  answerChange,
  dryRunResponse,
  engineProblem,
  etagOf,
  guardChange,
  guardInspect,
  inspectionResponse,
  isDryRun,
  knownSwarm,
  readJson,
  recorded,
  refuseBody,
  refuseGaps,
  rejection,
  wantsSecrets,
} from '@/lib/http';
import { withNumbers } from '@/lib/swarm/lossless-json';
import { getEngine } from '@/lib/live';
import { getSettings } from '@/lib/settings';
import type { Inspected } from '@/lib/swarm/engine-json';
import { resolvedImage, type ImageLookup } from '@/lib/swarm/image-lookup';
import { checkService } from '@/lib/swarm/spec/checks';
import { removeServiceCommand, updateCommand } from '@/lib/swarm/spec/commands';
import { specDifference } from '@/lib/swarm/spec/difference';
import { effectOf } from '@/lib/swarm/spec/effect';
import { inspectPretty, networkIds } from '@/lib/swarm/spec/inspect-pretty';
import { patchServiceSchema, type ServicePatch } from '@/lib/swarm/spec/form';
import { formOf } from '@/lib/swarm/spec/form-of';
import { withoutPrivate, withoutValues } from '@/lib/swarm/spec/hidden-values';
import { taggedImage } from '@/lib/swarm/spec/image-reference';
import { patchErrors, patchSpec } from '@/lib/swarm/spec/patch-spec';
import { isPaused, nameOf, updateStateOf, type RawSpec } from '@/lib/swarm/spec/raw-spec';
import { refusedField } from '@/lib/swarm/spec/refused-field';
import { removedEntry, updatedEntry } from '@/lib/swarm/spec/timeline-entries';
import { counted, oneLine } from '@/lib/swarm/words';

type Context = { params: Promise<{ name: string }> };

/**
 * A service, for operators: its form, what a rollback would change, and the engine's JSON. Values of the environment and
 * of options, and names of secrets are hidden unless `?secrets` asks for them. Its `ETag` goes into `If-Match` of a change.
 */
export async function GET(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardInspect(request);
  if (refusal) return refusal;
  const secrets = wantsSecrets(request);
  const { name } = await params;
  try {
    const now = await getEngine().inspectService(name, request.signal);
    const json = secrets ? now.json : withoutValues(now.json);
    const shown = withNumbers(json);
    const previous = now.PreviousSpec;
    const networks = await networkNames(now.Spec, request.signal);
    const body = {
      id: now.ID,
      name: nameOf(now),
      hidden: !secrets,
      form: formOf(shown['Spec'] as Inspected['Spec']),
      rollback:
        previous && specDifference(withNumbers(now.Spec), withNumbers(previous), { secrets }),
      pretty: inspectPretty(shown, { now: Date.now(), networks }),
      json,
    };
    return inspectionResponse(body, { ETag: etagOf(now) });
  } catch (error) {
    return engineProblem(error, request);
  }
}

/** The names of a service's networks by their ids, as far as they can be known. */
async function networkNames(
  spec: RawSpec,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> {
  const names = await Promise.all(
    networkIds(spec).map(async (id) => {
      const name = await getEngine().networkName(id, signal);
      return name === null ? [] : [[id, oneLine(name, 255)] as const];
    }),
  );
  return new Map(names.flat());
}

/** Changes what is named of a service, and nothing else. With `?dry-run` only shows the difference. */
export const PATCH = recorded('update', '/api/services/[name]', update);

async function update(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request, { hasDryRun: true });
  if (refusal) return refusal;
  const read = await readJson(request, patchServiceSchema(getSettings().maxReplicas), {
    most: MAX_FORM_BODY,
  });
  if (!read.ok) return read.response;
  const { name } = await params;
  const patch = read.body;
  const engine = getEngine();
  const lookUp = async () =>
    patch.image === undefined
      ? null
      : // Without the request's signal: an image must not lose its digest because its sender has gone.
        engine.distribution(taggedImage(patch.image));
  if (isDryRun(request)) return showUpdate(request, name, patch, lookUp);
  return answerChange(request, {
    name,
    commandOf: (named) => updateCommand(named, withoutPrivate(patch)),
    fieldOf: (message) => refusedField(message, patch),
    async make(announce) {
      await refuseGaps(patch);
      const image = await lookUp();
      const resolved = image && resolvedImage(image);
      const change = (spec: RawSpec) => patchSpec(spec, patch, resolved);
      const { before, written, warnings } = await engine.changeService(name, change, {
        check(now) {
          checkPatch(now, patch);
          announce(now, updatedEntry(nameOf(now), now, change(now.Spec)));
        },
        // As with docker's client: any update continues one that is paused.
        sendSame: ({ json }) => isPaused(json),
      });
      const body = { service: nameOf(before), id: before.ID, changed: written, image, warnings };
      return { body, written };
    },
  });
}

/** What a patch would change, and what could be wrong with it. */
async function showUpdate(
  request: Request,
  name: string,
  patch: ServicePatch,
  lookUp: () => Promise<ImageLookup | null>,
): Promise<Response> {
  try {
    await refuseGaps(patch);
    const [now, image, present] = await Promise.all([
      getEngine().inspectService(name, request.signal),
      lookUp(),
      knownSwarm(),
    ]);
    checkPatch(now, patch);
    const after = patchSpec(now.Spec, patch, image && resolvedImage(image));
    const secrets = wantsSecrets(request);
    const checks =
      present && checkService(withNumbers(after), formOf(after), { ...present, image }, now.ID);
    const [shownNow, shownAfter] = [withNumbers(now.Spec), withNumbers(after)];
    const body = {
      command: updateCommand(nameOf(now), patch),
      differences: specDifference(shownNow, shownAfter, {
        secrets,
        given: new Set(Object.keys(patch.env ?? {})),
      }),
      text: effectOf(shownNow, shownAfter, { update: updateStateOf(now.json) }),
      image,
      checks: checks ?? [],
    };
    return dryRunResponse(body, now);
  } catch (error) {
    return engineProblem(error, request);
  }
}

/** Throws if a patch does not fit a service. */
function checkPatch({ Spec }: Inspected, patch: ServicePatch): void {
  const errors = patchErrors(Spec, patch);
  if (errors.length === 0) return;
  const detail = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw rejection({ kind: 'bad-request', detail, errors });
}

/** Removes a service. With `?dry-run` only counts what would stop. */
export const DELETE = recorded('remove', '/api/services/[name]', remove);

async function remove(request: Request, { params }: Context): Promise<Response> {
  const refusal = guardChange(request, { hasDryRun: true }) ?? (await refuseBody(request));
  if (refusal) return refusal;
  const { name } = await params;
  const engine = getEngine();
  if (isDryRun(request)) {
    try {
      const [now, present] = await Promise.all([
        engine.inspectService(name, request.signal),
        knownSwarm(),
      ]);
      const tasks =
        !present || present.swarm.refused.reads.has('TASKS')
          ? null
          : present.swarm.tasks.filter(
              ({ ServiceID, Status }) => ServiceID === now.ID && Status.State === 'running',
            ).length;
      const its = tasks === null ? 'all its tasks' : `its ${counted(tasks, 'running task')}`;
      const text = `${nameOf(now)} and ${its} would be removed. This cannot be undone.`;
      const command = removeServiceCommand(nameOf(now));
      return dryRunResponse({ command, tasks, text }, now);
    } catch (error) {
      return engineProblem(error, request);
    }
  }
  return answerChange(request, {
    name,
    commandOf: removeServiceCommand,
    async make(announce) {
      const before = await engine.removeService(name, {
        check: (now) => announce(now, removedEntry(nameOf(now), now)),
      });
      return { body: { service: nameOf(before), id: before.ID }, written: true };
    },
  });
}
