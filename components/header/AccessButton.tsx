'use client';

import { useEffect, useState } from 'react';
import { useAccess } from '../live/hooks';
import { onOpenSignIn } from '../live/sign-in';
import { Button } from '../ui/Button';
import { lazyPart } from '../ui/lazy-part';

const AccessDialog = lazyPart(() => import('./AccessDialog').then((module) => module.AccessDialog));

/** Signing in and out; in read-only mode why nothing can be changed. Nothing where all is open. */
export function AccessButton() {
  const { mode, signedIn } = useAccess();
  const [open, setOpen] = useState(false);
  useEffect(() => onOpenSignIn(() => setOpen(true)), []);
  if (mode === 'open') return null;
  // Its code comes on the click. A server that is away cannot sign anybody out either.
  const signOut = () => import('./session').then((part) => part.signOut()).catch(() => {});
  return (
    <>
      {signedIn ? (
        <Button className="text-xs" onClick={() => void signOut()}>
          Sign out
        </Button>
      ) : (
        <Button className="text-xs" onClick={() => setOpen(true)}>
          {mode === 'password' ? 'Sign in' : 'Read-only'}
        </Button>
      )}
      {open && !signedIn && <AccessDialog onClose={() => setOpen(false)} />}
    </>
  );
}
