'use client';

import { useEffect, useState } from 'react';
import { useAccess } from '../live/hooks';
import { onOpenSignIn } from '../live/sign-in';
import { Button } from '../ui/Button';
import { lazyPart } from '../ui/lazy-part';

const AccessDialog = lazyPart(() => import('./AccessDialog').then((module) => module.AccessDialog));

const LABELS = { password: 'Sign in', 'read-only': 'Read-only', open: 'Open' };

/** Signing in and out; in read-only mode why nothing can be changed; where all is open, for whom. */
export function AccessButton() {
  const { mode, signedIn } = useAccess();
  const [open, setOpen] = useState(false);
  useEffect(() => onOpenSignIn(() => setOpen(true)), []);
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
          {LABELS[mode]}
        </Button>
      )}
      {open && !signedIn && <AccessDialog onClose={() => setOpen(false)} />}
    </>
  );
}
