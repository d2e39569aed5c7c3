import type { ReactNode } from 'react';

/** Tone of a state. The text beside it always has the same meaning. */
export type Tone = 'ok' | 'warn' | 'bad' | 'off';

const DOT: Record<Tone, string> = {
  ok: 'bg-ok-fill',
  warn: 'bg-warn-fill',
  bad: 'bg-bad-fill',
  off: 'bg-faint',
};

/** A small round dot in the tone's colour, hidden from screen readers. */
export function Dot({ tone }: { tone: Tone }) {
  return <span aria-hidden className={`size-2 shrink-0 rounded-full ${DOT[tone]}`} />;
}

/** A short fact in a rounded frame; `<b>` inside is emphasized. */
export function Pill({
  tone,
  className = '',
  children,
}: {
  tone?: Tone | null;
  className?: string;
  children: ReactNode;
}) {
  return (
    <span
      data-pill
      className={`inline-flex items-center gap-1.5 rounded-full border border-line px-2.5 py-0.5 text-xs/4.5 whitespace-nowrap text-dim [&_b]:font-semibold [&_b:not([class])]:text-ink ${className}`}
    >
      {tone && <Dot tone={tone} />}
      <span>{children}</span>
    </span>
  );
}
