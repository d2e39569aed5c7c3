'use client';

import { createPortal } from 'react-dom';
import { Button } from '../ui/Button';
import { dismissLinkProblems } from './link-problems';

/** What of a link cannot be shown. Above the page, as it moves nothing. */
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
