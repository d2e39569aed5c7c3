import type { ReactNode } from 'react';
import { Segmented } from '../../ui/Segmented';
import { Term } from '../../ui/Term';
import type { TermId } from '../../ui/terms';

/** A control with a visible label. The control has its own accessible name. */
export function Control({
  label,
  term,
  isBrief = false,
  className = '',
  children,
}: {
  label: string;
  /** Its values say what they are: no label where the line has little room. */
  isBrief?: boolean;
  /** The glossary's word that the label is. */
  term?: TermId;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={`flex max-w-full min-w-0 flex-wrap items-center gap-x-2 gap-y-1 ${className}`}>
      {label && (
        <span aria-hidden={!term} className={`text-dim ${isBrief ? '@3xl:@max-4xl:hidden' : ''}`}>
          {term ? <Term id={term}>{label}</Term> : label}
        </span>
      )}
      {children}
    </div>
  );
}

/** The choices, and a current value that is not among them. */
export function withValue<T>(choices: readonly T[], value: T): readonly T[] {
  return choices.includes(value) ? choices : [...choices, value];
}

/** A segmented control with a label. A current value that is not among `choices` is added to them. */
export function Choice<T extends string | number>({
  label,
  name,
  choices,
  words = String,
  value,
  locked,
  onChange,
  isBrief = false,
  className,
}: {
  /** Visible label; '' for none. */
  label: string;
  /** Accessible name of the group. */
  name: string;
  choices: readonly T[];
  /** Formats a value. */
  words?: (value: T) => string;
  value: T;
  locked: boolean;
  onChange: (value: T) => void;
  isBrief?: boolean;
  className?: string;
}) {
  return (
    <Control label={label} isBrief={isBrief} className={className}>
      <Segmented
        label={name}
        choices={withValue(choices, value).map((one) => ({ value: one, label: words(one) }))}
        value={value}
        disabled={locked}
        onChange={onChange}
      />
    </Control>
  );
}
