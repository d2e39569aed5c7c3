import {
  createServiceSchema,
  fieldErrors,
  patchServiceSchema,
  type FieldError,
  type ServiceForm,
  type ServicePatch,
} from '@/lib/swarm/spec/form';
import { engineGaps } from '@/lib/swarm/spec/engine-gaps';
import { valueText } from '@/lib/swarm/spec/fields';
import { HIDDEN } from '@/lib/swarm/spec/hidden-values';
import { patchErrors } from '@/lib/swarm/spec/patch-spec';
import type { RawSpec } from '@/lib/swarm/spec/raw-spec';
import { parseWords } from '@/lib/swarm/spec/shell-words';
import type { SwarmView } from '@/lib/swarm/view';
import { FIELD_NAMES, FIELDS, isShown } from './fields';
import { modeOf, type FormState, type PairRow, type TextRow } from './form-state';
import { createBody, patchBody, type RequestBody } from './request-body';

/** What is wrong with a form, by field; at most one message each. The key of what is about no field is empty. */
export type FormErrors = ReadonlyMap<string, string>;

/** A form that was checked: with errors it must not be sent. */
export interface CheckedForm<T> {
  /** Null with errors. */
  value: T | null;
  errors: FormErrors;
  places: RequestBody['places'];
}

/** The schema of the requests that this server accepts, made once. */
function lastOf<T>(make: (maxReplicas: number) => T): (maxReplicas: number) => T {
  let last: { of: number; made: T } | undefined;
  return (maxReplicas) => {
    if (last?.of !== maxReplicas) last = { of: maxReplicas, made: make(maxReplicas) };
    return last.made;
  };
}
const createSchema = lastOf(createServiceSchema);
const patchSchema = lastOf(patchServiceSchema);

type Engine = Pick<SwarmView['engine'], 'version' | 'apiVersion'>;

/** What the engine does not have of a form that is right in itself. */
function missing(data: ServiceForm | ServicePatch | undefined, engine: Engine | null) {
  if (!data || !engine) return [];
  return engineGaps(data, { Version: engine.version, ApiVersion: engine.apiVersion });
}

/** The form to create a service. `maxReplicas`: the setting MAX_REPLICAS; `engine`: null before it is known. */
export function checkCreate(
  state: FormState,
  maxReplicas: number,
  engine: Engine | null = null,
): CheckedForm<ServiceForm> {
  const { body, places } = createBody(state);
  const { data, error } = createSchema(maxReplicas).safeParse(body);
  const found = [...fieldErrors(error), ...missing(data, engine)];
  const errors = [...ownErrors(state, null), ...placed(found, places)];
  return checked(data, errors, places);
}

/** The form to change a service: only what was changed is checked. `spec`: the service's as it was loaded. */
export function checkUpdate(
  loaded: FormState,
  state: FormState,
  spec: RawSpec,
  maxReplicas: number,
  engine: Engine | null = null,
): CheckedForm<ServicePatch> {
  const { body, places } = patchBody(loaded, state);
  const { data, error } = patchSchema(maxReplicas).safeParse(body);
  const found = [
    ...fieldErrors(error),
    ...(data ? patchErrors(spec, data) : []),
    ...missing(data, engine),
  ];
  return checked(data, [...ownErrors(state, loaded), ...placed(found, places)], places);
}

function checked<T>(
  data: T | undefined,
  errors: readonly FieldError[],
  places: RequestBody['places'],
): CheckedForm<T> {
  const first = new Map<string, string>();
  for (const { field, message } of errors) {
    // A schema names an entry, whether its name or its value is wrong.
    const isOfValue = first.get(field.replace(/\.name$/, '.value')) === message;
    if (!isOfValue && !first.has(field)) first.set(field, message);
  }
  return { value: first.size === 0 && data ? data : null, errors: first, places };
}

/** Errors of a request at the fields of the form: at the one named, or at what it is a part of. */
export function placed(errors: readonly FieldError[], places: RequestBody['places']): FieldError[] {
  return errors.map(({ field, message }) => ({ field: placeOf(field, places), message }));
}

function placeOf(path: string, places: RequestBody['places']): string {
  for (let part = path; part !== ''; part = part.slice(0, Math.max(0, part.lastIndexOf('.')))) {
    const place = places.get(part);
    if (place !== undefined) return place;
  }
  return path;
}

/** What no schema can know: rows that are there twice, and texts that are no value. */
function ownErrors(state: FormState, loaded: FormState | null): FieldError[] {
  const mode = modeOf(state);
  const form = loaded ? 'update' : 'create';
  const words = FIELD_NAMES.filter(
    (name) => FIELDS[name].kind === 'words' && isShown(name, mode, form),
  );
  return [
    ...words
      .filter((name) => parseWords(state.values[name]) === null)
      .map((field) => ({ field, message: 'A quote is not closed, or a \\ stands last.' })),
    ...textErrors('constraints', state.constraints, loaded?.constraints),
    ...textErrors('preferences', state.preferences, loaded?.preferences),
    ...pairErrors('env', state.env, loaded?.env),
    ...pairErrors('labels', state.labels, loaded?.labels),
    ...pairErrors('containerLabels', state.containerLabels, loaded?.containerLabels),
  ];
}

function textErrors(
  list: string,
  rows: readonly TextRow[],
  loaded: readonly TextRow[] = [],
): FieldError[] {
  const before = new Set(loaded.map(({ key }) => key));
  const seen = new Set<string>();
  return rows.flatMap(({ key, text }) => {
    const known = text.trim();
    if (!seen.has(known) || known === '') {
      seen.add(known);
      return [];
    }
    // A spec may have an entry twice, which is no reason to refuse another change.
    return before.has(key) ? [] : [{ field: `${list}.${key}`, message: 'This is there already.' }];
  });
}

function pairErrors(
  list: 'env' | 'labels' | 'containerLabels',
  rows: readonly PairRow[],
  loaded: readonly PairRow[] = [],
): FieldError[] {
  const before = new Map(loaded.map((row) => [row.name, row]));
  const seen = new Set<string>();
  return rows.flatMap(({ key, name, value, hidden }): FieldError[] => {
    const field = `${list}.${key}`;
    if (seen.has(name) && name !== '') {
      return [{ field: `${field}.name`, message: 'This name is there already.' }];
    }
    seen.add(name);
    const known = before.get(name);
    const isSame = known?.value === value && known.hidden === hidden;
    // JavaScript's objects, and so the dashboard's requests, cannot hold it.
    if (name === '__proto__' && !isSame) {
      return [{ field: `${field}.name`, message: 'This name cannot be used here.' }];
    }
    if (list === 'env' && value === HIDDEN && !isSame) {
      const message = 'This stands for a value that is hidden: enter the value itself.';
      return [{ field: `${field}.value`, message }];
    }
    return isSame
      ? []
      : fieldErrors(valueText.safeParse(value).error).map(({ message }) => ({
          field: `${field}.value`,
          message,
        }));
  });
}
