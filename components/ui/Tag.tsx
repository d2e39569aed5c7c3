import type { ReactNode } from 'react';

/** A short fact in a frame: `manager · leader`. */
export function Tag({ className = '', children }: { className?: string; children: ReactNode }) {
  return (
    <span
      className={`rounded-md border border-accent-line px-1.5 py-px text-[11px] whitespace-nowrap text-accent ${className}`}
    >
      {children}
    </span>
  );
}
