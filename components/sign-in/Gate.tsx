'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { onToken, readToken } from '@/lib/client/csrf-token';
import { SignInForm } from './SignInForm';

const never = () => () => {};
/** Whether a sign-in of this browser had ended by itself when the page came: who signs out gives the token back. */
let ended: boolean | undefined;
const hasEnded = () => (ended ??= readToken() !== null);

/** The form of the sign-in page, which gives way to the page once this browser has signed in, in any tab. */
export function Gate() {
  const again = useSyncExternalStore(never, hasEnded, () => false);
  useEffect(
    () =>
      onToken(() => {
        if (readToken() !== null) location.reload();
      }),
    [],
  );
  return (
    <>
      <p role="status" className="mb-4 text-dim">
        {again
          ? 'Your sign-in has ended. Sign in again.'
          : 'This dashboard is for people who have signed in.'}
      </p>
      <SignInForm help={false} onSignedIn={() => location.reload()} />
    </>
  );
}
