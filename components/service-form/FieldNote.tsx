import { useFormContext } from './form-context';

/**
 * What is wrong with a field, below it; its room is kept, and has docker's option while nothing is wrong. `bare`: without
 * room.
 */
export function FieldNote({
  field,
  option,
  bare = false,
}: {
  field: string;
  option?: string | undefined;
  bare?: boolean;
}) {
  const { id, errors, both } = useFormContext();
  const message = errors.get(field);
  const isBoth = both.has(field);
  if (bare && message === undefined && !isBoth) return null;
  if (message === undefined && !isBoth && option !== undefined) {
    return <p className="h-4 truncate font-mono text-[11px]/4 text-faint">{option}</p>;
  }
  return (
    <p
      id={`${id}-${field}-note`}
      data-field-note={field}
      className={`text-xs/4 wrap-anywhere ${bare ? '' : 'min-h-4'} ${message === undefined ? 'text-warn' : 'text-bad'}`}
    >
      {message ?? (isBoth && 'Somebody else has changed this, too. Your value is kept.')}
    </p>
  );
}
