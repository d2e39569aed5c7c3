'use client';

import { useEffect, useLayoutEffect, useMemo, useState } from 'react';
import { useMaxReplicas, useView } from '@/lib/client/hooks';
import type { CreateDryRun, ServiceCreated } from '@/lib/swarm/spec/answers';
import { createCommand } from '@/lib/swarm/spec/commands';
import type { SwarmView } from '@/lib/swarm/view';
import type { ActionProps } from '../actions/Actions';
import { reportOutcome } from '../actions/outcome';
import { useDryRun, useSend } from '../actions/use-change';
import { chooseService } from '../service/choose-service';
import { useBlock } from '../ui/Blocked';
import { Beside, checksBrief, checksSummary } from './Beside';
import { checkCreate } from './check-form';
import { dropDraft, keepDraft, readDraft } from './drafts';
import { allHavePlace, errorsOf, NO_ERRORS, refusedBeforehand } from './server-errors';
import { FormBody } from './FormBody';
import { FormContext } from './form-context';
import { FormFrame } from './FormFrame';
import { newService, type FormState } from './form-state';
import { timeConvergence } from '../service/time-convergence';
import { remarksOf } from './remarks';
import { useForm } from './use-form';
import { useLast, useSettled } from './use-settled';
import { useSubmit } from './use-submit';

const DRAFT = 'create';

/** The form that creates a service. */
export function CreateDialog({ onClose }: ActionProps<'create'>) {
  const view = useView();
  const engine = view?.engine ?? null;
  const maxReplicas = useMaxReplicas();
  const block = useBlock('change', 'create');
  const [{ state, edited }, setForm] = useState(() => {
    const draft = readDraft<FormState>(DRAFT);
    return { state: draft ?? newService(view?.services ?? []), edited: draft !== undefined };
  });
  useEffect(() => {
    if (edited) keepDraft(DRAFT, state);
    else dropDraft(DRAFT);
  }, [state, edited]);

  const { value, errors, places } = useMemo(
    () => checkCreate(state, maxReplicas, engine),
    [state, maxReplicas, engine],
  );
  const body = value && JSON.stringify(value);
  const settled = useSettled(body);
  const version = useMemo(() => surroundings(view), [view]);
  const dryRun = useDryRun<CreateDryRun>(
    settled === null || block
      ? null
      : { method: 'POST', path: 'api/services', body: JSON.parse(settled) },
    version,
  );
  const { answer, problem: refusal } = dryRun;
  const isCurrent = settled === body && !dryRun.stale;
  const checks = useMemo(
    () =>
      isCurrent
        ? refusedBeforehand({ answer, problem: refusal }, { checks: places, request: places })
        : NO_ERRORS,
    [isCurrent, answer, refusal, places],
  );
  const command = useLast(useMemo(() => value && createCommand(value), [value]));

  const { sending, problem, send } = useSend<ServiceCreated>((created) => {
    const { service, id } = created;
    dropDraft(DRAFT);
    setForm((before) => ({ ...before, edited: false }));
    timeConvergence(id, null);
    chooseService(service);
    onClose();
    reportOutcome({
      text: `${service} is created.`,
      warnings: remarksOf(created),
      // A removal is confirmed by the name: what the tasks have stored is lost with them.
      undo: { kind: 'remove', service: id },
    });
  });
  const form = useForm({
    kind: 'create',
    state,
    setState: (change) => setForm((before) => ({ state: change(before.state), edited: true })),
    errors,
    checks,
  });
  useLayoutEffect(() => {
    // The browser focuses a part that scrolls.
    form.goTo('name');
    // oxlint-disable-next-line react/exhaustive-deps
  }, []);
  useEffect(() => {
    if (problem?.errors) form.refuse(errorsOf(problem, places));
    // Once for each refusal.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [problem]);

  const isPlaced = problem !== null && allHavePlace(errorsOf(problem, places), 'create', state);
  const { submit, isWaiting } = useSubmit({
    body,
    isChecked: isCurrent,
    isRefused: checks.size > 0,
    isBlocked: block !== null,
    send: () => send({ method: 'POST', path: 'api/services', body: value }),
    showErrors: form.showErrors,
  });
  return (
    <FormContext value={form.context}>
      <FormFrame
        title="Create a service"
        beside={
          <Beside
            checks={answer?.checks ?? null}
            problem={refusal && allHavePlace(checks, 'create', state) ? null : refusal}
            state={body === null ? 'wrong' : isCurrent ? 'checked' : 'checking'}
            command={command}
          />
        }
        summary={isCurrent ? checksSummary(answer?.checks ?? []) : ''}
        brief={isCurrent && answer ? checksBrief(answer.checks) || 'Checked: nothing wrong' : ''}
        command={value && command}
        block={block}
        problem={isPlaced ? null : problem}
        wrong={form.context.errors.size}
        confirm="Create"
        sending={sending || isWaiting}
        onReset={
          edited
            ? () => {
                setForm({ state: newService(view?.services ?? []), edited: false });
                form.restart();
              }
            : null
        }
        onSubmit={submit}
        onClose={onClose}
      >
        <FormBody openGroups={form.openGroups} onToggle={form.toggle} />
      </FormFrame>
    </FormContext>
  );
}

/** What the server's checks depend on. */
function surroundings(view: SwarmView | null): string {
  return JSON.stringify([
    view?.services.map(({ name, ports }) => [name, ports]),
    view?.nodes.map(({ id, version, state }) => [id, version, state]),
  ]);
}
