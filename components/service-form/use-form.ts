import { useId, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { FormErrors } from './check-form';
import { byPlace, FIELD_NAMES, groupOf, LISTS, type Group } from './fields';
import type { FormContextValue } from './form-context';
import type { FormState } from './form-state';

/** A form while it is edited: which messages are shown, which groups are open. */
export interface EditedForm {
  context: FormContextValue;
  openGroups: ReadonlySet<Group>;
  toggle: (group: Group, open: boolean) => void;
  /** Shows all that is wrong, and moves to the first of it. */
  showErrors: () => void;
  /** Shows what the server found wrong until the field is edited. */
  refuse: (errors: FormErrors) => void;
  /** Opens the group of a field and moves to it. */
  goTo: (field: string) => void;
  /** Forgets which fields were edited. */
  restart: () => void;
}

const NONE: ReadonlySet<string> = new Set();
const NO_ERRORS: FormErrors = new Map();

export function useForm({
  kind,
  state,
  setState,
  errors,
  checks,
  both = NONE,
}: {
  kind: 'create' | 'update';
  state: FormState;
  setState: (change: (state: FormState) => FormState) => void;
  /** What the form's own check finds. */
  errors: FormErrors;
  /** What the server's check of the present form refuses. */
  checks: FormErrors;
  both?: ReadonlySet<string>;
}): EditedForm {
  const id = useId();
  const [touched, setTouched] = useState(NONE);
  const [all, setAll] = useState(false);
  const [refused, setRefused] = useState(NO_ERRORS);
  const [openGroups, setOpenGroups] = useState<ReadonlySet<Group>>(new Set());
  const target = useRef<string | null>(null);
  const shown = useMemo(() => {
    const own = [...errors].filter(([field]) => all || touched.has(field));
    return new Map([...checks, ...refused, ...own]);
  }, [errors, checks, refused, touched, all]);

  const touch = (field: string) =>
    setTouched((before) => (before.has(field) ? before : new Set([...before, field])));
  const toggle = (group: Group, open: boolean) =>
    setOpenGroups((before) => {
      if (before.has(group) === open) return before;
      const after = new Set(before);
      if (open) after.add(group);
      else after.delete(group);
      return after;
    });
  const goTo = (field: string) => {
    target.current = field;
    toggle(groupOf(field), true);
    // Also where the group is open already.
    setOpenGroups((before) => new Set(before));
  };
  // Before the browser takes the next key: a later focus would undo a Tab.
  useLayoutEffect(() => {
    const field = target.current;
    if (field === null) return;
    const element = elementOf(id, field, state);
    if (!element) return;
    target.current = null;
    element.focus({ preventScroll: true });
    // With its label.
    (element.closest('[data-field], [data-row], [data-list]') ?? element).scrollIntoView({
      block: 'nearest',
    });
  });

  return {
    context: {
      kind,
      id,
      state,
      errors: shown,
      both,
      edit(field, change) {
        touch(field);
        setRefused((before) => {
          const left = [...before].filter(([one]) => !isPart(one, field));
          return left.length === before.size ? before : new Map(left);
        });
        setState(change);
      },
      leave: touch,
    },
    openGroups,
    toggle,
    showErrors() {
      setAll(true);
      const [first] = [...errors.keys(), ...checks.keys(), ...refused.keys()].sort(byPlace);
      if (first !== undefined) goTo(first);
    },
    refuse(found) {
      setRefused(found);
      const [first] = [...found.keys()].sort(byPlace);
      if (first !== undefined) goTo(first);
    },
    goTo,
    restart() {
      setTouched(NONE);
      setAll(false);
      setRefused(NO_ERRORS);
    },
  };
}

/** Whether an error of one field can be mended by an edit of the other. */
function isPart(one: string, other: string): boolean {
  const [list = '', key] = one.split('.');
  return one === other || one === list || other === list || other.startsWith(`${list}.${key}.`);
}

/** The element that stands for a field: its control, the first one of a group, or of a list its first entry. */
function elementOf(id: string, field: string, state: FormState): HTMLElement | null {
  const own = document.getElementById(`${id}-${field}`);
  if (Object.hasOwn(LISTS, field)) {
    const [row] = state[field as keyof typeof LISTS];
    const entry = row && document.querySelector<HTMLElement>(`[data-row="${row.key}"] input`);
    return entry ?? own;
  }
  if (own) return own;
  const first = FIELD_NAMES.find((name) => name.startsWith(`${field}.`));
  return first === undefined ? null : document.getElementById(`${id}-${first}`);
}
