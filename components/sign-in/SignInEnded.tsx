'use client';

import { createPortal } from 'react-dom';
import { keepToken } from '@/lib/client/csrf-token';
import { Button } from '../ui/Button';

/** A notice that this browser's session has expired. */
export function SignInEnded({ onSignIn }: { onSignIn: () => void }) {
  // In the body, as the header's backdrop filter would position `fixed` relative to the header.
  return createPortal(
    <div
      role="alert"
      className="fixed inset-x-3 bottom-3 z-10 mx-auto flex max-w-lg items-center gap-2 rounded-lg border border-warn bg-panel px-3 py-2.5 shadow-lg"
    >
      <b className="grow text-warn">Your session has ended.</b>
      <Button look="primary" className="text-xs" onClick={onSignIn}>
        Sign in again
      </Button>
      <Button look="bare" aria-label="Close" onClick={() => keepToken(null)}>
        ✕
      </Button>
    </div>,
    document.body,
  );
}
