'use client';

import { useId, useState } from 'react';
import type { Problem } from '@/lib/api';
import { useAccess } from '../live/hooks';
import { useStartCommand } from '../live/start-command';
import { Button } from '../ui/Button';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Help } from '../ui/Help';
import { signIn } from './session';

/** Asks for the password; without one on the server, says what that means and how to set it. */
export function AccessDialog({ onClose }: { onClose: () => void }) {
  const Part = PARTS[useAccess().mode];
  return <Part onClose={onClose} />;
}

const PARTS = { password: SignIn, 'read-only': ReadOnly, open: Open };

function Open({ onClose }: { onClose: () => void }) {
  const start = useStartCommand();
  return (
    <Dialog title="Open" onClose={onClose}>
      <p className="mb-3">
        Open: anyone on this machine may change the swarm, as this server listens on loopback only
        and has no password.
      </p>
      <p className="mb-1">
        Behind a proxy set a password, as a proxy brings the whole network to loopback:
      </p>
      <CopyCommand
        command={`DASHBOARD_PASSWORD=… ${start}`}
        label="the command that starts it with a password"
      />
      <p className="mt-2 text-xs text-dim">
        <Help id="behind-proxy" about="a dashboard behind a proxy" />
      </p>
    </Dialog>
  );
}

function SignIn({ onClose }: { onClose: () => void }) {
  const id = useId();
  const [password, setPassword] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async () => {
    setBusy(true);
    const refused = await signIn(password);
    setBusy(false);
    setProblem(refused);
    if (!refused) onClose();
  };
  return (
    <Dialog title="Sign in" onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {/* For password managers, which file a password under a name. */}
        <input hidden readOnly name="username" autoComplete="username" value="clusterhat" />
        <label htmlFor={id} className="mb-1 block">
          Password
        </label>
        <input
          id={id}
          className="field w-full"
          type="password"
          name="password"
          autoComplete="current-password"
          required
          value={password}
          aria-invalid={problem !== null}
          aria-describedby={`${id}-problem`}
          onChange={(event) => setPassword(event.target.value)}
        />
        <p id={`${id}-problem`} role="alert" className="mt-2 min-h-5 text-bad">
          {problem?.detail} <span className="text-dim">{problem?.next}</span>{' '}
          {problem && <Help id={problem.kind} about="why signing in failed" />}
        </p>
        <Button look="primary" type="submit" className="mt-2 w-full" disabled={busy || !password}>
          {busy ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      <p className="mt-3 text-xs text-dim">
        The one that DASHBOARD_PASSWORD gave to the dashboard&apos;s server. Looking needs none.{' '}
        <Help id="sign-in-required" about="signing in" />
      </p>
    </Dialog>
  );
}

function ReadOnly({ onClose }: { onClose: () => void }) {
  const start = useStartCommand();
  return (
    <Dialog title="Read-only" onClose={onClose}>
      <p className="mb-3">
        This server listens on the network and has no password, so it shows the swarm and changes
        nothing: whoever reaches this page could otherwise scale and remove your services.
      </p>
      <p className="mb-1">To allow changes after signing in, start it with a password:</p>
      <CopyCommand
        command={`DASHBOARD_PASSWORD=… ${start}`}
        label="the command that starts it with a password"
      />
      <p className="mt-3 mb-1">
        In a stack, from a secret (the first command shows the password that it makes):
      </p>
      <CopyCommand
        command="openssl rand -base64 12 | tee /dev/stderr | docker secret create clusterhat_password -"
        label="the command that makes the secret"
      />
      <CopyCommand
        command="ECHO_IMAGE=… sh deploy/deploy.sh"
        label="the command that deploys the stack with it"
      />
      <p className="mt-2 text-xs text-dim">
        Or let it listen on 127.0.0.1 only: then whoever can reach it may change things.{' '}
        <Help id="read-only" about="read-only" />
      </p>
    </Dialog>
  );
}
