import { useId, type ReactNode } from 'react';

/** One choice of a `Segmented`. */
export interface SegmentedOption<T extends string | number> {
  value: T;
  label: ReactNode;
  disabled?: boolean;
}

/**
 * One of a few, side by side: real radio buttons, so arrow keys, labels and forms work as they
 * do everywhere. `label` names the group; it is shown by whoever places it, if at all.
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
  /** Null: nothing chosen. */
  value: T | null;
  onChange: (value: T) => void;
  disabled?: boolean;
}) {
  const name = useId();
  return (
    <span role="radiogroup" aria-label={label} className="seg">
      {choices.map((choice) => (
        <label key={choice.value}>
          <input
            type="radio"
            name={name}
            checked={choice.value === value}
            disabled={disabled || choice.disabled === true}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </span>
  );
}
