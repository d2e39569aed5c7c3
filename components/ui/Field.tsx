import type { ComponentProps } from 'react';

/** How a field looks. */
export const FIELD =
  'min-h-8.5 min-w-0 rounded-lg border border-line-strong bg-well px-2.5 py-1.25 text-ink focus-visible:outline-offset-0 touch:min-h-11 touch:min-w-11';

/** A text field. Its label is the caller's: a `<label>` or `aria-label`. */
export function Input({ className = '', ...rest }: ComponentProps<'input'>) {
  return <input {...rest} className={`${FIELD} ${className}`} />;
}

/** A drop-down list. Its label is the caller's: a `<label>` or `aria-label`. */
export function Select({ className = '', ...rest }: ComponentProps<'select'>) {
  return (
    <select
      {...rest}
      className={`${FIELD} disabled:border-dashed disabled:border-line disabled:text-faint ${className}`}
    />
  );
}
