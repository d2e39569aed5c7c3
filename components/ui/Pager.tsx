'use client';

import { Button } from './Button';
import { grouped } from './words';

/** Buttons for the pages of a long list; nothing when one page has it all. */
export function Pager({
  label,
  from,
  size,
  all,
  onChange,
}: {
  /** What the list contains. */
  label: string;
  /** Index of the first item on this page. */
  from: number;
  /** Items on a page. */
  size: number;
  all: number;
  onChange: (from: number) => void;
}) {
  if (all <= size) return null;
  const last = Math.floor((all - 1) / size) * size;
  const steps = [
    ['⟨⟨', 'First', 0, from === 0],
    ['⟨', 'Previous', Math.max(0, from - size), from === 0],
    ['⟩', 'Next', from + size, from >= last],
    ['⟩⟩', 'Last', last, from >= last],
  ] as const;
  const [first, back, next, end] = steps.map(([text, name, to, off]) => (
    <Button key={name} aria-label={`${name} ${label}`} disabled={off} onClick={() => onChange(to)}>
      {text}
    </Button>
  ));
  return (
    <nav aria-label={`Pages of ${label}`} className="flex items-center gap-1.5 text-xs text-dim">
      {first}
      {back}
      <span className="min-w-28 text-center">
        {`${grouped(from + 1)}–${grouped(Math.min(all, from + size))} of ${grouped(all)}`}
      </span>
      {next}
      {end}
    </nav>
  );
}
