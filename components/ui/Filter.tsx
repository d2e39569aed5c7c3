'use client';

import { useEffect, useRef } from 'react';
import { Input } from './Field';

const fields = new Set<HTMLInputElement>();

/** Elements that use the key themselves. */
const TYPING = 'input:not([type=radio], [type=range], [type=checkbox]), textarea, select, dialog';

function onKeyDown(event: KeyboardEvent) {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof Element && event.target.closest(TYPING)) return;
  const visible = ({ top, bottom }: DOMRect) => bottom > 0 && top < innerHeight;
  const all = [...fields].filter((field) => field.checkVisibility());
  const field = all.find((one) => visible(one.getBoundingClientRect())) ?? all[0];
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

/**
 * A search field that filters the list below it. `/` focuses the visible one, Escape clears it.
 * `count`: how many match, also announced to screen readers.
 */
export function Filter({
  label,
  hint,
  value,
  count,
  onChange,
}: {
  label: string;
  /** The placeholder. */
  hint: string;
  value: string;
  count: string;
  onChange: (value: string) => void;
}) {
  const ref = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const field = ref.current;
    if (!field) return undefined;
    if (fields.size === 0) document.addEventListener('keydown', onKeyDown);
    fields.add(field);
    return () => {
      fields.delete(field);
      if (fields.size === 0) document.removeEventListener('keydown', onKeyDown);
    };
  }, []);
  return (
    <span className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
      <span className="relative flex min-w-0 flex-1 basis-64 sm:flex-none">
        <Input
          ref={ref}
          type="search"
          className="w-full pr-9 sm:w-72"
          aria-label={label}
          aria-keyshortcuts="/"
          placeholder={hint}
          autoComplete="off"
          spellCheck={false}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape' && value) {
              event.preventDefault();
              onChange('');
            }
          }}
        />
        {!value && (
          <kbd
            aria-hidden
            className="pointer-events-none absolute top-1/2 right-2 -translate-y-1/2 pointer-coarse:hidden rounded border border-line-strong px-1.5 font-mono text-[11px] text-dim"
          >
            /
          </kbd>
        )}
      </span>
      <span role="status" className="text-xs text-dim">
        {count}
      </span>
    </span>
  );
}
