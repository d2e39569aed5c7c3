import type { ComponentProps } from 'react';
import { FIELD } from './Field';

/** A text field of several lines, as high as its text. Its label is the caller's: a `<label>` or `aria-label`. */
export function TextArea({ className = '', ...rest }: ComponentProps<'textarea'>) {
  return (
    <textarea
      {...rest}
      className={`${FIELD} field-sizing-content max-h-40 resize-none touch:py-2.5 ${className}`}
    />
  );
}
