'use client';

import { useEffect, useState } from 'react';
import type { JoinCommand } from '@/lib/api';
import { useView } from '@/lib/client/hooks';
import { callApi, type ShownProblem } from '@/lib/client/request';
import { openSignIn } from '@/lib/client/open-sign-in';
import { PORT_LABEL } from '@/lib/swarm/hat/hat-places';
import { shell } from '@/lib/swarm/shell';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import { BlockNote, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Select } from '../ui/Field';
import { Help } from '../ui/Help';
import { Skeleton } from '../ui/Skeleton';

/** How to join a node to the swarm. The command contains a secret, so it is requested only on a click. */
export function JoinDialog({
  name,
  port,
  onClose,
}: {
  /** The node's hostname, or the port's name where none is known. */
  name: string;
  /** Its port on the HAT, which can be switched; null for the controller. */
  port: string | null;
  onClose: () => void;
}) {
  const forbidden = useForbidden();
  const who = name === port ? `the Zero in ${port}` : name;
  const refused = useView()?.refused.changes.join;
  const block = forbidden ?? (refused ? { reason: refused, signIn: null } : null);
  return (
    <Dialog title={`Bring ${who} into the swarm`} onClose={onClose}>
      {name === port && <OtherNode port={port} />}
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
          On {who}, run the command below. It contains the swarm&apos;s join token, with which any
          machine can join.
        </li>
        <li>It appears here by itself.</li>
      </ol>
      {block ? <BlockNote block={block} /> : <Command onSignIn={onClose} />}
    </Dialog>
  );
}

/** The command that puts a node which is in the swarm into this place. */
function OtherNode({ port }: { port: string }) {
  const nodes = useView()?.nodes ?? [];
  const others = nodes.filter(({ place, state }) => place === null && state !== 'down');
  const [chosen, choose] = useState<string | null>(null);
  const node = others.find(({ id }) => id === chosen) ?? others[0];
  if (!node) return null;
  return (
    <div className="mb-4">
      <p className="mb-2 flex flex-wrap items-center gap-2">
        Is it one of the other nodes?
        <Select aria-label="Node" value={node.id} onChange={(event) => choose(event.target.value)}>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Select>
      </p>
      <CopyCommand
        command={shell`docker node update --label-add ${PORT_LABEL}=${port} ${dockerNode(nodes, node)}`}
        label="the label command"
      />
    </div>
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
