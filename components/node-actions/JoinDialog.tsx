'use client';

import { useState } from 'react';
import { useView } from '@/lib/client/hooks';
import { PORT_LABEL } from '@/lib/swarm/hat/hat-places';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import { shell } from '@/lib/swarm/shell';
import type { ActionProps } from '../actions/Actions';
import { BlockNote, useForbidden } from '../ui/Blocked';
import { CopyCommand } from '../ui/CopyCommand';
import { Dialog } from '../ui/Dialog';
import { Select } from '../ui/Field';
import { JoinCommand } from './JoinCommand';

/** How to join a node to the swarm. */
export function JoinDialog({ action: { place }, onClose }: ActionProps<'join'>) {
  const forbidden = useForbidden();
  const { name, port } = place ?? { name: null, port: null };
  const isUnnamed = name !== null && name === port;
  const who = name === null ? 'the new node' : isUnnamed ? `the Zero in ${port}` : name;
  const refused = useView()?.refused.changes.join;
  const block = forbidden ?? (refused ? { reason: refused, signIn: null } : null);
  return (
    <Dialog title={name === null ? 'Add a node' : `Bring ${who} into the swarm`} onClose={onClose}>
      <div
        className="relative -m-1 max-h-[calc(100dvh-8rem)] space-y-4 overflow-y-auto p-1"
        data-action
      >
        {isUnnamed && <OtherNode port={name} />}
        <ol className="list-decimal space-y-1 pl-5 text-dim">
          {name === null ? (
            <li>Install Docker on it, and connect it to the network of the other nodes.</li>
          ) : (
            <li>
              {port && (
                <>
                  Power it on:{' '}
                  <code className="font-mono">clusterctrl on {port.toLowerCase()}</code> on the
                  controller.{' '}
                </>
              )}
              Wait about a minute until it has booted.
            </li>
          )}
          <li>
            On {who}, run the command below. It contains the swarm&apos;s join token, with which any
            machine can join.
          </li>
          <li>Once it has joined, it appears on the board.</li>
        </ol>
        {block ? <BlockNote block={block} /> : <JoinCommand />}
      </div>
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
    <div>
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
