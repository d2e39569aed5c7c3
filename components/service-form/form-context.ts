import { createContext, useContext } from 'react';
import type { FormErrors } from './check-form';
import type { FormState } from './form-state';

/** What the fields of an open form share. */
export interface FormContextValue {
  kind: 'create' | 'update';
  /** Begins the id of every field's element. */
  id: string;
  state: FormState;
  /** The messages to show. */
  errors: FormErrors;
  /** Fields that somebody else has changed, too. */
  both: ReadonlySet<string>;
  /** Changes the form; `field` is the one that was edited. */
  edit: (field: string, change: (state: FormState) => FormState) => void;
  /** A field was left: from now on its message is shown. */
  leave: (field: string) => void;
}

export const FormContext = createContext<FormContextValue | null>(null);

export function useFormContext(): FormContextValue {
  const value = useContext(FormContext);
  if (!value) throw new Error('A field stands in a form.');
  return value;
}

/** Attributes of the control of a field. */
export function useControl(field: string) {
  const { id, errors, both, leave } = useFormContext();
  const isWrong = errors.has(field);
  return {
    id: `${id}-${field}`,
    'aria-invalid': isWrong,
    'aria-describedby': isWrong || both.has(field) ? `${id}-${field}-note` : undefined,
    onBlur: () => leave(field),
  };
}
