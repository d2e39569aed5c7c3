'use client';

import { useEffect, useSyncExternalStore } from 'react';
import { onToken, readToken } from '@/lib/client/csrf-token';
import { SignInForm } from './SignInForm';

const never = () => () => {};
/** Whether this browser's session had expired when the page loaded: signing out removes the token. */
let expired: boolean | undefined;
const hasExpired = () => (expired ??= readToken() !== null);

/** The form of the sign-in page. Reloads the page once this browser has signed in, in any tab. */
export function Gate() {
  const expiredBefore = useSyncExternalStore(never, hasExpired, () => false);
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
        {expiredBefore
          ? 'Your session has ended. Sign in again.'
          : 'Sign in to see this dashboard.'}
      </p>
      <SignInForm help={false} onSignedIn={() => location.reload()} />
    </>
  );
}
