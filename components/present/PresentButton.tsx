'use client';

import { useEffect, useRef } from 'react';
import { Button } from '../ui/Button';
import { isShortcut } from './keys';
import { setPresent, wasPresent } from './present-mode';

/** Enters present mode, by a click or the key P. */
export function PresentButton() {
  const ref = useRef<HTMLButtonElement>(null);
  // Also after present mode: the page was hidden meanwhile.
  useEffect(() => {
    if (wasPresent()) ref.current?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (isShortcut(event) && event.key.toLowerCase() === 'p') setPresent(true);
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, []);
  return (
    <Button
      ref={ref}
      className="w-8.5 px-0"
      title="Present mode (key P)"
      aria-label="Present mode"
      aria-keyshortcuts="P"
      onClick={() => setPresent(true)}
    >
      <svg
        aria-hidden
        viewBox="0 0 18 18"
        className="size-4.5 flex-none fill-none stroke-current stroke-[1.5]"
      >
        <path d="M2 3.5h14M3.5 3.5v8h11v-8M9 11.5v4M5.5 15.5h7" />
      </svg>
    </Button>
  );
}
