'use client';

import { useEffect, useState } from 'react';
import type { JoinCommand } from '@/lib/api';
import { callApi, type ShownProblem } from '@/lib/client/request';
import { openSignIn } from '@/lib/client/open-sign-in';
import { BlockNote, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Help } from '../ui/Help';
import { Skeleton } from '../ui/Skeleton';

/** How to join a node to the swarm. The command contains a secret, so it is requested only on a click. */
export function JoinDialog({
  name,
  port,
  onClose,
}: {
  name: string;
  /** Its port on the HAT, which can be switched; null for the controller. */
  port: string | null;
  onClose: () => void;
}) {
  const forbidden = useForbidden();
  return (
    <Dialog title={`Bring ${name} into the swarm`} onClose={onClose}>
      <ol className="mb-4 list-decimal space-y-1 pl-5 text-dim">
        <li>
          {port && (
            <>
              Power it on: <code className="font-mono">clusterctrl on {port.toLowerCase()}</code> on
              the controller.{' '}
            </>
          )}
          Wait about a minute until it has booted.
        </li>
        <li>
          On {name}, run the command below. It holds the swarm&apos;s join token: whoever has it can
          join.
        </li>
        <li>{name} takes its place here by itself.</li>
      </ol>
      {forbidden ? <BlockNote block={forbidden} /> : <Command onSignIn={onClose} />}
    </Dialog>
  );
}

function Command({ onSignIn }: { onSignIn: () => void }) {
  const [command, setCommand] = useState<string | null>(null);
  const [problem, setProblem] = useState<ShownProblem | null>(null);
  useEffect(() => {
    let gone = false;
    void callApi<JoinCommand>('POST', 'api/join-command').then((result) => {
      if (gone) return;
      if (result.ok) setCommand(result.data.command);
      else setProblem(result.problem);
    });
    return () => {
      gone = true;
    };
  }, []);
  return (
    <>
      <div aria-live="polite">
        {command && <CopyCommand command={command} label="the join command" />}
        {!command && !problem && <Skeleton className="h-12" />}
        {!command && problem && (
          <p className="text-bad">
            {problem.detail} <span className="text-dim">{problem.next}</span>{' '}
            <Help id={problem.kind} about="why there is no join command" />
          </p>
        )}
      </div>
      {problem?.kind === 'sign-in-required' && (
        <Button
          look="primary"
          className="mt-3"
          onClick={() => {
            onSignIn();
            openSignIn();
          }}
        >
          Sign in
        </Button>
      )}
    </>
  );
}
