'use client';

import { createPortal } from 'react-dom';
import { Button } from '../ui/Button';
import { dismissLinkProblems } from './link-problems';

/** The parts of a link that cannot be shown. Lies over the page, so that nothing moves. */
export function LinkNote({ problems }: { problems: readonly string[] }) {
  return createPortal(
    <div
      role="alert"
      data-link-note
      className="fixed inset-x-3 bottom-3 z-30 mx-auto flex max-w-160 items-start gap-3 rounded-xl border border-warn bg-panel px-4 py-3 shadow-dialog"
    >
      <ul className="min-w-0 flex-1 wrap-anywhere">
        {problems.map((problem) => (
          <li key={problem}>{problem}</li>
        ))}
      </ul>
      <Button look="bare" aria-label="Dismiss" onClick={dismissLinkProblems}>
        ✕
      </Button>
    </div>,
    document.body,
  );
}
