import { Select } from '../ui/Field';

/** A drop-down list of what a fault applies to. */
export function FaultChoice({
  label,
  value,
  options,
  disabled,
  onChange,
}: {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  disabled: boolean;
  onChange: (value: string) => void;
}) {
  return (
    <Select
      aria-label={label}
      className="max-w-full"
      value={value}
      disabled={disabled}
      onChange={(event) => onChange(event.target.value)}
    >
      {options.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </Select>
  );
}
