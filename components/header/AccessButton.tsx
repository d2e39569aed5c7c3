'use client';

import { useEffect, useState } from 'react';
import type { Access } from '@/lib/api';
import { useAccess, useSignInEnded } from '@/lib/client/hooks';
import { onOpenSignIn } from '@/lib/client/open-sign-in';
import { Button } from '../ui/Button';
import { lazyPart, loadPart } from '../ui/lazy-part';

const AccessDialog = lazyPart(() => import('./AccessDialog').then((module) => module.AccessDialog));
const SignInEnded = lazyPart(() =>
  import('../sign-in/SignInEnded').then((module) => module.SignInEnded),
);

const LABELS = { password: 'Sign in', 'read-only': 'Read-only', open: 'No password' };

/** Signs in and out; on a server without a password it opens the explanation of its mode. */
export function AccessButton() {
  const { mode, signedIn, role } = useAccess();
  const ended = useSignInEnded();
  /** The role that opened the dialog: it closes when the role changes, also from another tab. */
  const [openFor, setOpenFor] = useState<Access['role'] | null>(null);
  useEffect(() => onOpenSignIn(() => setOpenFor(role)), [role]);
  // Loaded on the click.
  const signOut = () => loadPart(() => import('../sign-in/session')).then((part) => part.signOut());
  return (
    <>
      {signedIn ? (
        <Button className="text-xs" onClick={() => void signOut()}>
          <span className="leading-tight">
            {/* On a phone above the label, so that the header stays one line. */}
            <span className="font-normal text-dim capitalize max-xs:block">{role}</span> Sign out
          </span>
        </Button>
      ) : (
        <Button className="text-xs" onClick={() => setOpenFor(role)}>
          <span className="leading-tight max-xs:max-w-16 max-xs:whitespace-normal">
            {LABELS[mode]}
          </span>
        </Button>
      )}
      {openFor === role && <AccessDialog onClose={() => setOpenFor(null)} />}
      {ended && <SignInEnded onSignIn={() => setOpenFor(role)} />}
    </>
  );
}
