'use client';

import type { PointerEvent, ReactNode, SyntheticEvent } from 'react';
import type { TermId } from './terms';

/**
 * A word of the glossary. Hover, focus and tap show its meaning; the code for that and the meanings are loaded then.
 */
export function Term({ id, children }: { id: TermId; children: ReactNode }) {
  const show = ({ currentTarget, type }: SyntheticEvent<HTMLElement>) =>
    void import('./term-tip').then(
      (part) => part.showTerm(currentTarget, id, type),
      () => {}, // The server is down: the page says so.
    );
  const enter = (event: PointerEvent<HTMLElement>) => {
    if (event.pointerType === 'mouse') show(event);
  };
  return (
    <button
      type="button"
      data-term={id}
      className="-my-1 cursor-help py-1 underline decoration-dotted underline-offset-3"
      onPointerEnter={enter}
      onFocus={show}
      onClick={show}
    >
      {children}
    </button>
  );
}
