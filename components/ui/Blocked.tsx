'use client';

import { openSignIn } from '@/lib/client/open-sign-in';
import { useAccess, useConnection, useMay, usePast } from '@/lib/client/hooks';
import { Button } from './Button';

/** Why nothing can be asked for now. */
export interface Block {
  /** A sentence; after the words of `signIn` where that is `Sign in`. */
  reason: string;
  /** What signing in would be called that lifts it; null: it would not. */
  signIn: 'Sign in' | 'Sign in as operator' | null;
}

/** Why this browser may not fire requests (`run`), or change the swarm; null when it may. */
export function useForbidden(what: 'run' | 'change' = 'change'): Block | null {
  const { mode, role, operators } = useAccess();
  if (useMay(what)) return null;
  if (mode === 'read-only') {
    return {
      reason:
        'Read-only: this page shows, it does not change. Set DASHBOARD_PASSWORD on its server.',
      signIn: null,
    };
  }
  if (role === 'guest') {
    return {
      reason: 'Signed in as a guest: guests may fire requests, not change the swarm.',
      signIn: operators ? 'Sign in as operator' : null,
    };
  }
  if (what === 'run') return { reason: 'to fire requests.', signIn: 'Sign in' };
  if (operators) return { reason: 'to change things.', signIn: 'Sign in' };
  return {
    reason: 'This page changes nothing: its server has a password for guests only.',
    signIn: null,
  };
}

/** Why a control that does `what` is disabled just now; null when it is not. */
export function useBlock(what: 'run' | 'change' = 'change'): Block | null {
  const forbidden = useForbidden(what);
  const { state, problem } = useConnection();
  const past = usePast();
  if (forbidden) return forbidden;
  if (past) return { reason: 'The board shows the past: go back to now first.', signIn: null };
  if (state === 'stale') {
    return { reason: `Waiting: ${problem?.detail ?? 'the picture is not live.'}`, signIn: null };
  }
  if (state === 'connecting') return { reason: 'Waiting for the live picture.', signIn: null };
  return null;
}

/** The reason as visible text, with the way to sign in where that helps. `id` for aria-describedby. */
export function BlockNote({ block: { reason, signIn }, id }: { block: Block; id?: string }) {
  const link = signIn && (
    <Button look="inline" onClick={openSignIn}>
      {signIn}
    </Button>
  );
  return (
    <p id={id} className="text-warn">
      {signIn === 'Sign in' ? link : reason} {signIn === 'Sign in' ? reason : link}
    </p>
  );
}
