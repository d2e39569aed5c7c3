import type { ShownProblem } from '@/lib/client/request';
import type { UpdateDryRun } from '@/lib/swarm/spec/answers';
import type { FieldError } from '@/lib/swarm/spec/form';
import { placed, type FormErrors } from './check-form';
import { FIELDS, GROUPS, isShown, LISTS, type FieldName, type ListName } from './fields';
import { modeOf, type FormState } from './form-state';

/** What the server has refused, by the form's fields. */
export function errorsOf(
  { errors = [] }: Pick<ShownProblem, 'errors'>,
  places: Places,
): FormErrors {
  return byField(placed(errors, places));
}

type Places = ReadonlyMap<string, string>;

/**
 * What the dry run of a form says cannot be done: what swarm would refuse, and what is wrong with the request itself, such
 * as with a service that is another one by now.
 */
export function refusedBeforehand(
  {
    answer,
    problem,
  }: {
    answer: Pick<UpdateDryRun, 'checks'> | null;
    problem: Pick<ShownProblem, 'errors'> | null;
  },
  places: { checks: Places; request: Places },
): FormErrors {
  const refused = (answer?.checks ?? [])
    .filter(({ state }) => state === 'refused')
    .map(({ field, text }) => ({ field, message: text }));
  return byField([
    ...placed(refused, places.checks),
    ...placed(problem?.errors ?? [], places.request),
  ]);
}

export const NO_ERRORS: FormErrors = new Map();

/** Whether every error is shown at a field; else the refusal itself has to be shown. */
export function allHavePlace(
  errors: FormErrors,
  kind: 'create' | 'update',
  state: FormState,
): boolean {
  return errors.size > 0 && [...errors.keys()].every((field) => hasPlace(field, kind, state));
}

function hasPlace(field: string, kind: 'create' | 'update', state: FormState): boolean {
  const [first = '', key] = field.split('.');
  if (Object.hasOwn(FIELDS, field)) return isShown(field as FieldName, modeOf(state), kind);
  if (Object.hasOwn(LISTS, first)) {
    return key === undefined || state[first as ListName].some((row) => row.key === key);
  }
  return field !== 'main' && Object.hasOwn(GROUPS, field);
}

function byField(errors: readonly FieldError[]): FormErrors {
  const first = new Map<string, string>();
  for (const { field, message } of errors) if (!first.has(field)) first.set(field, message);
  return first;
}
