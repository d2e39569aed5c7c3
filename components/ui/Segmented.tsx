import { useId, type ReactNode } from 'react';

/** One choice of a `Segmented`. */
export interface SegmentedOption<T extends string | number> {
  value: T;
  label: ReactNode;
  disabled?: boolean;
}

const SEGMENT =
  'relative inline-flex min-h-7.5 cursor-pointer items-center justify-center rounded-md border border-transparent px-2.5 py-0.75 text-[13px] @3xl:@max-4xl:px-2 whitespace-nowrap text-dim hover:text-ink has-checked:border-line-strong has-checked:bg-raise has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-accent has-disabled:cursor-not-allowed has-disabled:text-faint touch:min-h-11 touch:min-w-11';

/**
 * A choice of one of a few, side by side. Real radio buttons, so arrow keys and forms work as
 * usual. `label`: the group's accessible name; a visible one is the caller's.
 */
export function Segmented<T extends string | number>({
  label,
  choices,
  value,
  onChange,
  disabled = false,
}: {
  label: string;
  choices: readonly SegmentedOption<T>[];
  /** Null: none. */
  value: T | null;
  onChange: (value: T) => void;
  disabled?: boolean;
}) {
  const name = useId();
  return (
    <SegmentGroup role="radiogroup" label={label}>
      {choices.map((choice) => (
        <label key={choice.value} className={`${SEGMENT} ${choice.disabled ? 'line-through' : ''}`}>
          <input
            type="radio"
            className="absolute inset-0 cursor-[inherit] opacity-0"
            name={name}
            checked={choice.value === value}
            disabled={disabled || choice.disabled === true}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </SegmentGroup>
  );
}

/** The frame of a `Segmented`, or of buttons side by side. */
export function SegmentGroup({
  role,
  label,
  className = '',
  children,
}: {
  role: 'radiogroup' | 'group';
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      role={role}
      aria-label={label}
      className={`inline-flex flex-wrap rounded-lg border border-line bg-well p-px ${className}`}
    >
      {children}
    </span>
  );
}
