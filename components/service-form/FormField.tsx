import type { ReactNode } from 'react';
import type { TermId } from '../ui/terms';
import { Input, Select } from '../ui/Field';
import { Term } from '../ui/Term';
import { FieldNote } from './FieldNote';
import { FIELDS, isShown, type FieldName, type FieldRule } from './fields';
import { useControl, useFormContext } from './form-context';
import { modeOf } from './form-state';

/** One field with its label above and docker's option beside that; nothing where the mode does not have it. */
export function FormField({
  name,
  label,
  className = '',
}: {
  name: FieldName;
  /** In place of the field's own. */
  label?: string;
  className?: string;
}) {
  const { kind: form, state, edit } = useFormContext();
  const control = useControl(name);
  const rule: FieldRule = FIELDS[name];
  if (!isShown(name, modeOf(state), form)) return null;
  const set = (text: string) =>
    edit(name, (before) => ({ ...before, values: { ...before.values, [name]: text } }));
  const value = state.values[name];
  const empty = rule.placeholder ?? rule.ifEmpty ?? '';
  return (
    <div className={`min-w-0 ${className}`} data-field={name}>
      <FieldLabel htmlFor={control.id} term={TERM_OF[name]}>
        {label ?? rule.label}
      </FieldLabel>
      {rule.choices ? (
        <Select
          {...control}
          className="w-full"
          value={value}
          onChange={(event) => set(event.target.value)}
        >
          {rule.ifEmpty !== undefined && <option value="">{`default: ${empty}`}</option>}
          {rule.choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </Select>
      ) : (
        <Input
          {...control}
          className={`w-full ${rule.kind === 'number' ? '' : 'font-mono'} ${WRONG}`}
          inputMode={rule.kind === 'number' ? 'decimal' : 'text'}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder={empty}
          value={value}
          onChange={(event) => set(event.target.value)}
        />
      )}
      <FieldNote
        field={name}
        option={form === 'create' ? (rule.createOption ?? rule.option) : rule.option}
      />
    </div>
  );
}

/** A wrong text's frame. */
export const WRONG = 'aria-invalid:border-bad';

const TERM_OF: Partial<Record<FieldName, TermId>> = {
  replicas: 'replica',
  mode: 'mode',
  'update.monitor': 'monitor window',
  'restart.delay': 'restart delay',
};

/** A label, and what a word of it means. */
export function FieldLabel({
  htmlFor,
  term,
  children,
}: {
  htmlFor: string;
  term?: TermId | undefined;
  children: ReactNode;
}) {
  return (
    <div className="mb-1 flex items-baseline gap-x-2 text-xs">
      <label htmlFor={htmlFor} className="flex-none text-dim">
        {children}
      </label>
      {term && <WhatIs term={term} />}
    </div>
  );
}

/** Docker's option, for those who know it or want to. */
export function Option({ name }: { name: string }) {
  return (
    <span className="min-w-0 flex-1 truncate text-right font-mono text-[11px] text-faint">
      {name}
    </span>
  );
}

export function WhatIs({ term }: { term: TermId }) {
  return (
    <Term id={term}>
      <span aria-hidden>?</span>
      <span className="sr-only">{`What is ${term}?`}</span>
    </Term>
  );
}
