import { useEffect, useRef, type RefObject } from 'react';

const CONTROLS = ':is(input, select, textarea, button):enabled';

/**
 * For a dialog whose fields are loaded after it has opened. The browser has given the focus to what was there, such as
 * Cancel; once the fields are there, it goes to the first of them, unless the user has moved it.
 */
export function useLateFocus<T extends HTMLElement>(isLoaded: boolean): RefObject<T | null> {
  const fields = useRef<T>(null);
  const opened = useRef<Element | null>(null);
  const isDone = useRef(false);
  useEffect(() => {
    opened.current ??= document.activeElement;
    if (!isLoaded || isDone.current) return;
    isDone.current = true;
    if (document.activeElement !== opened.current) return;
    fields.current?.querySelector<HTMLElement>(CONTROLS)?.focus({ preventScroll: true });
  }, [isLoaded]);
  return fields;
}
