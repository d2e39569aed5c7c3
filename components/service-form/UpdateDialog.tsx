'use client';

import { useEffect, useLayoutEffect, useMemo, useRef } from 'react';
import { useMaxReplicas, useView } from '@/lib/client/hooks';
import type { ServiceChanged, UpdateDryRun } from '@/lib/swarm/spec/answers';
import { updateCommand } from '@/lib/swarm/spec/commands';
import type { ServicePatch } from '@/lib/swarm/spec/form';
import { portsOf } from '@/lib/swarm/spec/form-of';
import { patchSpec } from '@/lib/swarm/spec/patch-spec';
import type { RawSpec } from '@/lib/swarm/spec/raw-spec';
import { ProblemText } from '../actions/ActionFooter';
import type { ActionProps } from '../actions/Actions';
import { DifferenceList } from '../actions/DifferenceList';
import { reportOutcome } from '../actions/outcome';
import { reportRequested } from '../actions/requested';
import { requestedChange } from '../actions/requested-change';
import { useDryRun, useSend } from '../actions/use-change';
import { useService } from '../actions/use-service';
import { useBlock, type Block } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Skeleton } from '../ui/Skeleton';
import { Beside, checksBrief, checksSummary } from './Beside';
import { checkUpdate } from './check-form';
import { dropDraft } from './drafts';
import type { Editing, Theirs } from './editing';
import { FormBody } from './FormBody';
import { FormContext } from './form-context';
import { FormFrame } from './FormFrame';
import type { FormState } from './form-state';
import { allHavePlace, errorsOf, NO_ERRORS, refusedBeforehand } from './server-errors';
import { useEditing } from './use-editing';
import { timeConvergence } from '../service/time-convergence';
import { remarksOf } from './remarks';
import { useForm } from './use-form';
import { useLast, useSettled } from './use-settled';
import { useSubmit } from './use-submit';

/** The form that changes a service. */
export function UpdateDialog({ action, onClose }: ActionProps<'update'>) {
  const { name, service } = useService(action.service);
  const form = useEditing(action.service, service?.version);
  if (!form.editing) {
    return (
      <Dialog title={`Update ${name}`} onClose={onClose}>
        <div className="h-[min(46rem,calc(100dvh-8rem))]" data-service-form data-wide>
          {form.problem ? <ProblemText problem={form.problem} /> : <Skeleton className="h-60" />}
        </div>
      </Dialog>
    );
  }
  return (
    <UpdateForm
      {...form}
      editing={form.editing}
      id={action.service}
      field={action.field}
      version={service?.version ?? 0}
      gone={service === undefined}
      onClose={onClose}
    />
  );
}

function UpdateForm({
  id,
  field,
  version,
  gone,
  editing,
  problem: loadProblem,
  reload,
  showValues,
  hideValues,
  setState,
  discard,
  dismiss,
  onClose,
}: Omit<ReturnType<typeof useEditing>, 'editing'> & {
  id: string;
  field: string | undefined;
  version: number;
  gone: boolean;
  editing: Editing;
  onClose: () => void;
}) {
  const { loaded, state, spec, etag, name, hidden, theirs } = editing;
  const engine = useView()?.engine ?? null;
  const maxReplicas = useMaxReplicas();
  const refused = useBlock('change', 'update');
  const block: Block | null =
    refused ?? (gone ? { reason: `${name} is no longer in the swarm.`, signIn: null } : null);
  const { value, errors, places } = useMemo(
    () => checkUpdate(loaded, state, spec, maxReplicas, engine),
    [loaded, state, spec, maxReplicas, engine],
  );
  const isSame = value !== null && Object.keys(value).length === 0;
  const path = `api/services/${encodeURIComponent(id)}` as const;
  const body = value && !isSame ? JSON.stringify(value) : null;
  const settled = useSettled(body);
  const dryRun = useDryRun<UpdateDryRun>(
    settled === null || block
      ? null
      : { method: 'PATCH', path, body: JSON.parse(settled), secrets: !hidden },
    etag,
  );
  const isCurrent = settled === body && !dryRun.stale;
  const answer = isSame ? null : dryRun.answer;
  const refusal = isSame ? null : dryRun.problem;
  const checks = useMemo(
    () =>
      isCurrent
        ? refusedBeforehand(
            { answer, problem: refusal },
            { checks: placesOfChecks(spec, value, state), request: places },
          )
        : NO_ERRORS,
    [isCurrent, answer, refusal, spec, value, state, places],
  );
  const command = useLast(
    useMemo(() => (value && !isSame ? updateCommand(name, value) : null), [name, value, isSame]),
  );
  const before = useRef(version);
  const { sending, problem, send } = useSend<ServiceChanged>((result) => {
    const { changed } = result;
    dropDraft(id);
    if (changed) {
      timeConvergence(id, before.current);
      reportRequested(id, requestedChange('Update', id, before.current));
    }
    onClose();
    reportOutcome({
      text: changed ? `${name} is being updated.` : `${name} was already set this way.`,
      differences: answer?.differences ?? [],
      warnings: remarksOf(result),
      ...(changed && {
        service: { id, version: before.current },
        done: `${name} is updated.`,
        undo: { kind: 'rollback', service: id } as const,
      }),
    });
  });
  const form = useForm({
    kind: 'update',
    state,
    setState,
    errors,
    checks,
    ...(theirs && { both: theirs.both }),
  });
  useEffect(() => {
    if (problem?.kind === 'changed-meanwhile') reload();
    if (problem?.errors) form.refuse(errorsOf(problem, places));
    // Once for each refusal.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [problem]);
  useLayoutEffect(() => {
    form.goTo(field ?? 'image');
    // Where the form was opened at.
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  const isPlaced = problem !== null && allHavePlace(errorsOf(problem, places), 'update', state);
  const { submit, isWaiting } = useSubmit({
    body,
    isChecked: isCurrent,
    isRefused: checks.size > 0,
    isBlocked: block !== null,
    send() {
      before.current = version;
      send({ method: 'PATCH', path, body: value }, etag);
    },
    showErrors: form.showErrors,
  });
  const isTyped = value === null || !isSame;
  return (
    <FormContext value={form.context}>
      <FormFrame
        title={`Update ${name}`}
        beside={
          <Beside
            checks={answer?.checks ?? null}
            problem={refusal && allHavePlace(checks, 'update', state) ? null : refusal}
            state={isSame ? 'same' : value === null ? 'wrong' : isCurrent ? 'checked' : 'checking'}
            command={isTyped ? command : null}
          >
            {theirs && <TheirChanges theirs={theirs} onDismiss={dismiss} />}
            <section aria-label="What changes">
              <h3 className="mb-1 text-xs text-dim">What changes</h3>
              {answer ? (
                <DifferenceList differences={answer.differences} />
              ) : (
                <p className="text-dim">{isTyped ? '' : 'Nothing yet.'}</p>
              )}
              {answer?.differences.length === 0 ? (
                <p className="text-dim">Nothing: the service is already set this way.</p>
              ) : (
                answer && <p className="mt-1.5">{answer.text}</p>
              )}
            </section>
          </Beside>
        }
        brief={isCurrent && answer ? briefOf(answer) : ''}
        command={value !== null && !isSame ? command : null}
        summary={summaryOf(isCurrent ? answer : null, theirs)}
        block={block}
        problem={(isPlaced ? null : problem) ?? loadProblem}
        wrong={form.context.errors.size}
        confirm="Update"
        sending={sending || isWaiting}
        disabled={isSame}
        onReset={
          isTyped
            ? () => {
                discard();
                form.restart();
              }
            : null
        }
        onSubmit={submit}
        onClose={onClose}
      >
        <FormBody
          openGroups={form.openGroups}
          onToggle={form.toggle}
          values={{ hidden, show: showValues, hide: hideValues }}
        />
      </FormFrame>
    </FormContext>
  );
}

function TheirChanges({
  theirs: { differences, both },
  onDismiss,
}: {
  theirs: Theirs;
  onDismiss: () => void;
}) {
  return (
    <section
      aria-label="Changed meanwhile"
      className="rounded-lg border border-warn p-3"
      data-theirs
    >
      <h3 className="mb-1 text-xs text-warn">Changed meanwhile</h3>
      <DifferenceList differences={differences} />
      {differences.length === 0 && <p>A value that is hidden here.</p>}
      <p className="mt-1.5 text-xs text-dim">
        {both.size > 0
          ? 'The form has these changes. Where you typed something else, your value is kept and marked.'
          : 'The form has these changes, and what you typed.'}
      </p>
      <Button className="mt-2 text-xs" onClick={onDismiss}>
        Dismiss
      </Button>
    </section>
  );
}

function briefOf({ differences, checks }: UpdateDryRun): string {
  const labels = differences.map(({ label }) => label);
  const changes = labels.length === 0 ? 'Changes nothing' : `Changes: ${labels.join(', ')}`;
  return [checksBrief(checks), changes].filter((text) => text !== '').join('. ');
}

function summaryOf(answer: UpdateDryRun | null, theirs: Theirs | null): string {
  const changed = theirs
    ? `Changed meanwhile: ${theirs.differences.map(({ text }) => text).join(', ')}.`
    : '';
  if (!answer) return changed;
  const differences = answer.differences.map(({ text }) => text).join(', ');
  return [
    changed,
    `What changes: ${differences || 'nothing'}.`,
    differences && answer.text,
    checksSummary(answer.checks),
  ]
    .filter((text) => text !== '')
    .join(' ');
}

/** The server's checks name a port by its place among those that the service would have. */
function placesOfChecks(
  spec: RawSpec,
  patch: ServicePatch | null,
  state: FormState,
): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  if (!patch) return places;
  for (const [at, port] of portsOf(patchSpec(spec, patch)).entries()) {
    const row = state.ports.find(
      ({ published, protocol, mode }) =>
        Number(published) === (port.published ?? 0) &&
        protocol === port.protocol &&
        mode === port.mode,
    );
    if (row) places.set(`ports.${at}.published`, `ports.${row.key}.published`);
  }
  return places;
}
