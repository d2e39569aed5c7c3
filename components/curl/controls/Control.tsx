import type { ReactNode } from 'react';
import { Segmented } from '../../ui/Segmented';
import { withPresent } from './run-settings';

/** A control with its name beside it; the control names itself to those who hear the page. */
export function Control({
  label,
  className = '',
  children,
}: {
  label: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <div className={`flex max-w-full min-w-0 flex-wrap items-center gap-x-2 gap-y-1 ${className}`}>
      {label && (
        <span aria-hidden className="text-dim">
          {label}
        </span>
      )}
      {children}
    </div>
  );
}

/** One of a few values, the present one among them though it is not on offer. */
export function Choose<T extends string | number>({
  label,
  name,
  choices,
  words = String,
  value,
  fixed,
  onChange,
  className,
}: {
  /** What stands beside it; '' for nothing. */
  label: string;
  /** What the group is called where `label` alone would not tell. */
  name: string;
  choices: readonly T[];
  /** How a value is shown. */
  words?: (value: T) => string;
  value: T;
  fixed: boolean;
  onChange: (value: T) => void;
  className?: string;
}) {
  return (
    <Control label={label} className={className}>
      <Segmented
        label={name}
        choices={withPresent(choices, value).map((one) => ({ value: one, label: words(one) }))}
        value={value}
        disabled={fixed}
        onChange={onChange}
      />
    </Control>
  );
}
