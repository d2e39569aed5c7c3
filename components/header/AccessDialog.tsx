'use client';

import { useAccess } from '@/lib/client/hooks';
import { useStartCommand } from '@/lib/client/start-command';
import { SignInForm } from '../sign-in/SignInForm';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Help } from '../ui/Help';

/** The sign-in form; without a password on the server an explanation and how to set one. */
export function AccessDialog({ onClose }: { onClose: () => void }) {
  const Part = PARTS[useAccess().mode];
  return <Part onClose={onClose} />;
}

const PARTS = { password: SignIn, 'read-only': ReadOnly, open: Open };

function Open({ onClose }: { onClose: () => void }) {
  const start = useStartCommand();
  return (
    <Dialog title="No password" onClose={onClose}>
      <p className="mb-3">
        Anyone on this machine can change the swarm: the server listens on loopback only and has no
        password.
      </p>
      <p className="mb-1">
        Behind a proxy, set a password: through the proxy the whole network reaches loopback.
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
  const { role } = useAccess();
  return (
    <Dialog title={role === 'guest' ? 'Sign in as operator' : 'Sign in'} onClose={onClose}>
      <SignInForm help onSignedIn={onClose} />
      <p className="mt-3 text-xs text-dim">
        The password decides the role: the server’s DASHBOARD_PASSWORD is for operators, who can
        change the swarm; DASHBOARD_GUEST_PASSWORD is for guests, who can start runs.{' '}
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
        This server listens on the network and has no password, so it allows no changes: anyone who
        can open this page could otherwise scale and remove your services.
      </p>
      <p className="mb-1">To allow changes after signing in, start it with a password:</p>
      <CopyCommand
        command={`DASHBOARD_PASSWORD=… ${start}`}
        label="the command that starts it with a password"
      />
      <p className="mt-3 mb-1">
        In a stack, from a secret (the first command prints the generated password):
      </p>
      <CopyCommand
        command="openssl rand -base64 12 | tee /dev/stderr | docker secret create clusterhat_password -"
        label="the command that creates the secret"
      />
      <CopyCommand
        command="ECHO_IMAGE=… sh deploy/deploy.sh"
        label="the command that deploys the stack with it"
      />
      <p className="mt-2 text-xs text-dim">
        Or let it listen on 127.0.0.1 only: then anyone on that machine can change the swarm.{' '}
        <Help id="read-only" about="read-only" />
      </p>
    </Dialog>
  );
}
