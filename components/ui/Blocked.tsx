'use client';

import { openSignIn } from '@/lib/client/open-sign-in';
import { useAccess, useConnection, useMay, usePast, useView } from '@/lib/client/hooks';
import { Button } from './Button';

type View = NonNullable<ReturnType<typeof useView>>;

/** Why a control is disabled. */
export interface Block {
  /** A sentence; its end where `signIn` is `Sign in`: `to start a run.` */
  reason: string;
  /** The link that lifts the block; null when signing in does not help. */
  signIn: 'Sign in' | 'Sign in as operator' | null;
}

/** Why this viewer may not start runs, or change the swarm; null when they may. */
export function useForbidden(what: 'run' | 'change' = 'change'): Block | null {
  const { mode, role, operators } = useAccess();
  if (useMay(what)) return null;
  if (mode === 'read-only') {
    return {
      reason: 'Read-only: to allow changes, set DASHBOARD_PASSWORD on the server.',
      signIn: null,
    };
  }
  if (role === 'guest') {
    return {
      reason: 'Signed in as a guest: you can start runs, but not change the swarm.',
      signIn: operators ? 'Sign in as operator' : null,
    };
  }
  if (what === 'run') return { reason: 'to start a run.', signIn: 'Sign in' };
  if (operators) return { reason: 'to change things.', signIn: 'Sign in' };
  return {
    reason: 'Changes are disabled: the server has a password for guests only.',
    signIn: null,
  };
}

/**
 * Why a control is disabled: what `useForbidden` returns, else a reason that may pass. `change`: the change that the
 * control requests, which a proxy may have refused before.
 */
export function useBlock(
  what: 'run' | 'change' = 'change',
  change?: keyof View['refused']['changes'],
): Block | null {
  const forbidden = useForbidden(what);
  const changes = useView()?.refused.changes;
  const refused = change && changes?.[change];
  const { state, problem } = useConnection();
  const past = usePast();
  if (forbidden) return forbidden;
  if (past) return { reason: 'The board shows the past. Go back to now first.', signIn: null };
  if (state === 'stale') {
    return { reason: `Waiting: ${problem?.detail ?? 'the board is not live.'}`, signIn: null };
  }
  if (state === 'connecting') return { reason: 'Waiting for the first data.', signIn: null };
  if (refused) return { reason: refused, signIn: null };
  return null;
}

/** The reason as text, with a link to sign in where that helps. `id`: for aria-describedby. */
export function BlockNote({ block: { reason, signIn }, id }: { block: Block; id?: string }) {
  const link = signIn && (
    <Button look="inline" onClick={openSignIn}>
      {signIn}
    </Button>
  );
  return (
    <p
      id={id}
      className={`text-warn ${reason.startsWith('Waiting') ? 'line-clamp-2' : ''}`}
      title={reason}
    >
      {signIn === 'Sign in' ? link : reason} {signIn === 'Sign in' ? reason : link}
    </p>
  );
}
