'use client';

import { openAction } from '../actions/action-store';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { Led } from '../ui/Led';

/** A place of the HAT whose node is not in the swarm, with the join dialog. Named by its hostname, else by its port. */
export function AbsentPlace({ name, port }: { name: string; port: string | null }) {
  return (
    <article
      className="absent-place"
      data-node={name}
      data-state="absent"
      aria-label={`${name}: not in the swarm`}
    >
      <div className="flex items-center gap-2">
        <Led tone="off" />
        <h3 className="text-[15px]">{name}</h3>
      </div>
      <p className="m-auto py-2 text-center text-balance">
        {name === port ? 'Not found.' : 'Not in the swarm.'}
        <br />
        Powered off, {name === port && 'under another name, '}or not joined yet.{' '}
        <Help id="absent" about={`${name} is not in the swarm`} />
      </p>
      <Button
        look="link"
        className="self-start text-xs in-data-past:invisible"
        onClick={() => openAction({ kind: 'join', place: { name, port } })}
      >
        Show the join command
      </Button>
    </article>
  );
}
