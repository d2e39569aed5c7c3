import type { ShownProblem } from '@/lib/client/request';
import type { UpdateDryRun } from '@/lib/swarm/spec/answers';
import type { FieldError } from '@/lib/swarm/spec/form';
import { placed, type FormErrors } from './check-form';

/** What the server has refused, by the form's fields. */
export function errorsOf(
  { errors = [] }: Pick<ShownProblem, 'errors'>,
  places: ReadonlyMap<string, string>,
): FormErrors {
  return byField(placed(errors, places));
}

/** What the server's check says that swarm would refuse. */
export function refusedChecks(
  checks: UpdateDryRun['checks'] = [],
  place: (errors: FieldError[]) => FieldError[],
): FormErrors {
  const refused = checks.filter(({ state }) => state === 'refused');
  return byField(place(refused.map(({ field, text }) => ({ field, message: text }))));
}

function byField(errors: readonly FieldError[]): FormErrors {
  const first = new Map<string, string>();
  for (const { field, message } of errors) if (!first.has(field)) first.set(field, message);
  return first;
}
