'use client';

import { createPortal } from 'react-dom';
import { keepToken } from '@/lib/client/csrf-token';
import { Button } from '../ui/Button';

/** Says above the page that this browser's sign-in has ended by itself, until somebody signs in or closes it. */
export function SignInEnded({ onSignIn }: { onSignIn: () => void }) {
  // The header's blur would make it the frame of what is fixed in it.
  return createPortal(
    <div
      role="alert"
      className="fixed inset-x-3 bottom-3 z-10 mx-auto flex max-w-lg items-center gap-2 rounded-lg border border-warn bg-panel px-3 py-2.5 shadow-lg"
    >
      <b className="grow text-warn">Your sign-in has ended.</b>
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
