'use client';

import { useEffect, useId, useRef, useState, useSyncExternalStore } from 'react';
import { takeEarlyInput } from '@/lib/client/early-input';
import type { ShownProblem } from '@/lib/client/request';
import { Button } from '../ui/Button';
import { Input } from '../ui/Field';
import { Help } from '../ui/Help';
import { useSecondsLeft } from './use-seconds-left';

const NO_RESPONSE = 'The server does not respond. Check that it is running, then try again.';

const never = () => () => {};

/**
 * A form for a password; the server decides the role by it. `help`: whether the help page is
 * readable without signing in.
 */
export function SignInForm({ help, onSignedIn }: { help: boolean; onSignedIn: () => void }) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  // A form submitted before its script runs would put the password into the page's address.
  const ready = useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
  // The field itself holds the password: one that was typed before this script ran stays.
  const [empty, setEmpty] = useState(true);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Pick<ShownProblem, 'kind' | 'detail' | 'next'> | null>(
    null,
  );
  const [left, wait] = useSecondsLeft();
  useEffect(() => {
    const input = field.current;
    if (!input) return;
    input.focus();
    setEmpty(input.value === '');
    const entered = takeEarlyInput(({ type, target }) => type === 'keydown' && target === input);
    if (entered) input.form?.requestSubmit();
  }, []);
  const submit = async () => {
    setBusy(true);
    try {
      const { signIn } = await import('./session');
      const refused = await signIn(field.current?.value ?? '');
      setProblem(refused);
      wait(refused?.retryAfter ?? 0);
      if (!refused) return onSignedIn();
    } catch {
      setProblem({ kind: 'restarting', detail: NO_RESPONSE });
    }
    setBusy(false);
    field.current?.focus();
  };
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {/* For password managers, which store a password under a user name. */}
      <input hidden readOnly name="username" autoComplete="username" value="clusterhat" />
      <label htmlFor={id} className="mb-1 block">
        Password
      </label>
      <Input
        ref={field}
        id={id}
        className="w-full"
        type="password"
        name="password"
        autoComplete="current-password"
        required
        maxLength={1000}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        onChange={(event) => setEmpty(event.target.value === '')}
      />
      <p id={`${id}-problem`} role="alert" className="mt-2 min-h-10 text-bad">
        {problem?.detail} <span className="text-dim">{problem?.next}</span>{' '}
        {problem && help && <Help id={problem.kind} about="why signing in failed" />}
      </p>
      <Button
        look="primary"
        type="submit"
        className="mt-2 h-11 w-full"
        disabled={!ready || busy || empty || left > 0}
      >
        {left > 0 ? `Try again in ${left} s` : busy ? 'Signing in…' : 'Sign in'}
      </Button>
    </form>
  );
}
