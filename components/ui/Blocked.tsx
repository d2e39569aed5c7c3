'use client';

import { openSignIn } from '../live/sign-in';
import { useAccess, useConnection, usePast } from '../live/hooks';
import { Button } from './Button';

/** Why nothing can be asked for now. */
export interface Block {
  /** A sentence; after the words `Sign in` where `signIn` is set. */
  reason: string;
  /** Signing in would lift it. */
  signIn: boolean;
}

/** Why a control that changes the swarm is disabled just now; null when it is not. */
export function useBlock(): Block | null {
  const { mode, signedIn } = useAccess();
  const { state, problem } = useConnection();
  const past = usePast();
  if (mode === 'read-only') {
    return {
      reason:
        'Read-only: this page shows, it does not change. Set DASHBOARD_PASSWORD on its server.',
      signIn: false,
    };
  }
  if (mode === 'password' && !signedIn) return { reason: 'to change things.', signIn: true };
  if (past) return { reason: 'The board shows the past: go back to now first.', signIn: false };
  if (state === 'stale') {
    return { reason: `Waiting: ${problem?.detail ?? 'the picture is not live.'}`, signIn: false };
  }
  if (state === 'connecting') return { reason: 'Waiting for the live picture.', signIn: false };
  return null;
}

/** The reason as visible text, with the way to sign in where that helps. `id` for aria-describedby. */
export function BlockNote({ block, id }: { block: Block; id?: string }) {
  return (
    <p id={id} className="text-warn">
      {block.signIn && (
        <Button look="link" className="min-h-0! p-0!" onClick={openSignIn}>
          Sign in
        </Button>
      )}{' '}
      {block.reason}
    </p>
  );
}
