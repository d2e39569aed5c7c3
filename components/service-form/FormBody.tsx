import { useFormContext } from './form-context';
import { FieldNote } from './FieldNote';
import { FormField, WhatIs } from './FormField';
import { FIELD_NAMES, FIELDS, GROUPS, groupOf, isShown, LISTS, type Group } from './fields';
import { modeOf, type FormState } from './form-state';
import { PairRows, PortRows, TextRows, type HiddenValues } from './rows';

const MORE = (Object.keys(GROUPS) as Group[]).filter((group) => group !== 'main');

/** Every field of the form: the first ones in sight, the others in groups that open. */
export function FormBody({
  openGroups,
  onToggle,
  values,
}: {
  openGroups: ReadonlySet<Group>;
  onToggle: (group: Group, open: boolean) => void;
  /** Whether the values of the environment are hidden, and how that is changed. */
  values?: HiddenValues;
}) {
  const { kind, state } = useFormContext();
  const mode = modeOf(state);
  const isJob = mode === 'replicated-job';
  return (
    <>
      <div className={GRID}>
        <FormField name="name" />
        <FormField name="image" className={kind === 'update' ? 'sm:col-span-2' : ''} />
        {kind === 'update' && <ResolveImage />}
        <FormField name="replicas" {...(isJob && { label: 'Completions' })} />
      </div>
      <PortRows />
      <h3 className="mt-4 mb-1 text-xs text-dim">More</h3>
      <div className="divide-y divide-line rounded-lg border border-line">
        {MORE.filter((group) => hasFields(group, state, kind)).map((group) => (
          <details
            key={group}
            open={openGroups.has(group)}
            className="group"
            data-group={group}
            onToggle={(event) => onToggle(group, event.currentTarget.open)}
          >
            <summary className="flex min-h-9 items-center gap-2 px-3 py-1.5 touch:min-h-11">
              <span aria-hidden className="w-3 text-center text-dim group-open:rotate-90">
                ›
              </span>
              <span>{GROUPS[group]}</span>
              <GroupCount group={group} />
            </summary>
            {openGroups.has(group) && (
              <div className="space-y-3 px-3 pt-1 pb-3">
                <GroupFields group={group} values={values} />
              </div>
            )}
          </details>
        ))}
      </div>
    </>
  );
}

/** As `docker service update --image` with the image that the service has. */
function ResolveImage() {
  const { state, edit } = useFormContext();
  return (
    <label className="-mt-1 mb-1 flex min-h-8 items-center gap-2 text-xs sm:col-span-2 touch:min-h-11">
      <input
        type="checkbox"
        className="size-4 flex-none"
        checked={state.resolveImage}
        onChange={(event) => {
          const resolveImage = event.target.checked;
          edit('image', (before) => ({ ...before, resolveImage }));
        }}
      />
      Look up its tag again: the registry may have a newer image under it
    </label>
  );
}

const GRID = 'grid items-start gap-x-3 gap-y-1 sm:grid-cols-2';

function hasFields(group: Group, state: FormState, kind: 'create' | 'update'): boolean {
  const mode = modeOf(state);
  return (
    Object.values<Group>(LISTS).includes(group) ||
    FIELD_NAMES.some((name) => FIELDS[name].group === group && isShown(name, mode, kind))
  );
}

/** How many values of a closed group are set, and whether one of them is wrong. */
function GroupCount({ group }: { group: Group }) {
  const { kind, state, errors } = useFormContext();
  const mode = modeOf(state);
  const fields = FIELD_NAMES.filter(
    (name) =>
      name !== 'mode' &&
      FIELDS[name].group === group &&
      isShown(name, mode, kind) &&
      state.values[name].trim() !== '',
  );
  const lists = (Object.keys(LISTS) as (keyof typeof LISTS)[]).filter(
    (list) => LISTS[list] === group,
  );
  const count = fields.length + lists.reduce((sum, list) => sum + state[list].length, 0);
  const wrong = [...errors.keys()].filter((field) => groupOf(field) === group).length;
  return (
    <span className={`ml-auto text-xs ${wrong > 0 ? 'text-bad' : 'text-dim'}`}>
      {wrong > 0 ? `${wrong} wrong` : count > 0 && `${count} set`}
    </span>
  );
}

function GroupFields({ group, values }: { group: Group; values: HiddenValues | undefined }) {
  const fields = FIELD_NAMES.filter((name) => FIELDS[name].group === group);
  return (
    <>
      <FieldNote field={group} bare />
      {fields.length > 0 && (
        <div className={GRID}>
          {fields.map((name) => (
            <FormField key={name} name={name} />
          ))}
        </div>
      )}
      {group === 'placement' && (
        <>
          <TextRows
            list="constraints"
            label="Constraints"
            option="--constraint"
            one="constraint"
            placeholder="node.labels.disk==ssd"
            term="placement"
          />
          <TextRows
            list="preferences"
            label="Preferences"
            option="--placement-pref"
            one="preference"
            placeholder="spread=node.labels.zone"
          />
        </>
      )}
      {group === 'environment' && (
        <PairRows list="env" label="Variables" option="--env" one="variable" values={values} />
      )}
      {group === 'labels' && (
        <>
          <PairRows list="labels" label="Of the service" option="--label" one="label" />
          <PairRows
            list="containerLabels"
            label="Of its containers"
            option="--container-label"
            one="container label"
          />
        </>
      )}
      {(group === 'update' || group === 'rollback') && (
        <p className="text-xs text-dim">
          How tasks are replaced <WhatIs term={group} />
        </p>
      )}
    </>
  );
}
