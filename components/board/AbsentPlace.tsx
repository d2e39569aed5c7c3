'use client';

import { useState } from 'react';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { lazyPart } from '../ui/lazy-part';
import { Led } from '../ui/Led';

const JoinDialog = lazyPart(() => import('./JoinDialog').then((module) => module.JoinDialog));

/** A place of the HAT without a node: it keeps its room, and says what to do about it. */
export function AbsentPlace({ name, port }: { name: string; port: string | null }) {
  const [open, setOpen] = useState(false);
  return (
    <article
      className="absent"
      data-node={name}
      data-state="absent"
      aria-label={`${name}: not in the swarm`}
    >
      <div className="flex items-center gap-2">
        <Led tone="off" />
        <h3 className="text-[15px]">{name}</h3>
      </div>
      <p className="absent-why">
        Not in the swarm.
        <br />
        Powered off, or not joined yet. <Help id="absent" about={`${name} is not in the swarm`} />
      </p>
      <Button look="link" className="self-start text-xs" onClick={() => setOpen(true)}>
        Show the join command
      </Button>
      {open && <JoinDialog name={name} port={port} onClose={() => setOpen(false)} />}
    </article>
  );
}
