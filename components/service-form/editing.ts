import type { ServiceDetails } from '@/lib/swarm/spec/answers';
import { specDifference, type SpecDifference } from '@/lib/swarm/spec/difference';
import { withoutValues } from '@/lib/swarm/spec/hidden-values';
import { isRecord, type RawSpec } from '@/lib/swarm/spec/raw-spec';
import { stateOf, type FormState } from './form-state';
import { rebase, withValues } from './rebase';

/** The form of a service while it is edited. */
export interface Editing {
  /** The form as the service is, as far as the page knows. */
  loaded: FormState;
  /** As it is typed. */
  state: FormState;
  /** Of the service as loaded, for `If-Match`. */
  etag: string;
  name: string;
  spec: RawSpec;
  /** Whether the values of the environment are hidden. */
  hidden: boolean;
  /** The spec that changes of others are compared with. */
  since: { spec: RawSpec; hidden: boolean };
  /** What somebody else has changed since. */
  theirs: Theirs | null;
}

export interface Theirs {
  /** Empty where what changed is hidden. */
  differences: readonly SpecDifference[];
  /** Fields that were typed into, too. */
  both: ReadonlySet<string>;
}

/** The form with what the server says of the service now. What was typed is kept. */
export function receive(before: Editing | null, details: ServiceDetails, etag: string): Editing {
  const { hidden, name } = details;
  const spec = isRecord(details.json['Spec']) ? details.json['Spec'] : {};
  const fresh = stateOf(details.form, hidden);
  if (!before) {
    const since = { spec, hidden };
    return { loaded: fresh, state: fresh, etag, name, spec, hidden, since, theirs: null };
  }
  const known = { ...before, etag, name, spec, hidden };
  // Values are compared only if they were shown before.
  const comparable = before.hidden ? withoutEnvValues(fresh) : fresh;
  const merged = before.etag === etag ? before : rebase(before.loaded, before.state, comparable);
  const loaded = withValues(merged.loaded, fresh);
  const state = withValues(merged.state, fresh);
  if (before.etag === etag) return { ...known, loaded, state };
  const both = 'both' in merged ? merged.both : [];
  return {
    ...known,
    loaded,
    state,
    theirs: {
      differences: difference(before.since, { spec, hidden }),
      both: new Set([...(before.theirs?.both ?? []), ...both]),
    },
  };
}

/** The form after what others have changed was read. */
export function dismissTheirs(editing: Editing): Editing {
  const { spec, hidden } = editing;
  return { ...editing, since: { spec, hidden }, theirs: null };
}

/** The form without the values of the environment that were shown. A value that was typed stays. */
export function hideValues(editing: Editing): Editing {
  const { loaded, state, spec, since } = editing;
  const known = new Map(loaded.env.map((row) => [row.key, row]));
  const env = state.env.map((row) => {
    const before = known.get(row.key);
    const isKept = before && !row.hidden && before.name === row.name && before.value === row.value;
    return isKept ? { ...row, value: '', hidden: true } : row;
  });
  return {
    ...editing,
    loaded: withoutEnvValues(loaded),
    state: { ...state, env },
    spec: withoutValuesOf(spec),
    hidden: true,
    since: { spec: withoutValuesOf(since.spec), hidden: true },
  };
}

const withoutValuesOf = (spec: RawSpec) => withoutValues({ Spec: spec })['Spec'] as RawSpec;

function withoutEnvValues(state: FormState): FormState {
  return { ...state, env: state.env.map((row) => ({ ...row, value: '', hidden: true })) };
}

function difference(before: Editing['since'], after: Editing['since']): SpecDifference[] {
  const isHidden = before.hidden || after.hidden;
  const shown = ({ spec }: Editing['since']) => (isHidden ? withoutValuesOf(spec) : spec);
  return specDifference(shown(before), shown(after), { secrets: !isHidden });
}
