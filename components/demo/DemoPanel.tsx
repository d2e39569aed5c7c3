'use client';

import { useId, useState } from 'react';
import { BlockNote, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { DemoFrame } from './DemoFrame';
import { faultsOn, portsRefused } from './faults';
import { RealThing } from './RealThing';
import { useDemo } from './use-demo';
import { WhatIf } from './WhatIf';

type Part = 'what-if' | 'real';

/**
 * Says that this is the embedded demo swarm, which faults are on in it, and opens the menu that
 * makes them and the way to a real one. Shown on the demo only.
 */
export function DemoPanel() {
  const demo = useDemo();
  const id = useId();
  const [open, setOpen] = useState<Part | null>(null);
  const forbidden = useForbidden();
  const on = demo.state ? faultsOn(demo.state) : [];
  const refused = demo.state ? portsRefused(demo.state) : [];
  const toggle = (part: Part, words: string) => (
    <Button
      className="text-xs"
      aria-expanded={open === part}
      aria-controls={`${id}-${part}`}
      onClick={() => setOpen(open === part ? null : part)}
    >
      {words}
    </Button>
  );
  return (
    <DemoFrame>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 grow basis-60">
          <b className="text-accent">Demo swarm:</b> five boards that exist only inside this
          program. Nothing here is real, so nothing can break.{' '}
          <Help id="demo" about="the demo swarm" />
        </p>
        <span className="flex flex-wrap gap-2">
          {toggle('what-if', 'What if …')}
          {toggle('real', 'A terminal, a real swarm')}
        </span>
      </div>
      <p role="status" className={on.length > 0 ? 'mt-2 text-warn' : 'sr-only'}>
        {on.length > 0 && `Made to go wrong: ${on.join(', ')}.`}
      </p>
      {refused.length > 0 && (
        <p className="mt-2 text-warn">
          This computer does not let the demo open port {refused.join(', ')}: a request to it fails,
          while the demo tries again.
        </p>
      )}
      {on.length > 0 && (
        <Button
          className="mt-2 text-xs"
          disabled={forbidden !== null || demo.busy}
          onClick={() => demo.change({ path: '/reset', body: {} })}
        >
          Put everything right
        </Button>
      )}
      {demo.problem && (
        <p role="alert" className="mt-2 text-bad">
          {demo.problem.detail} {demo.problem.next}{' '}
          <Help id={demo.problem.kind} about="why the demo did not change" />
        </p>
      )}
      <div id={`${id}-what-if`} hidden={open !== 'what-if'}>
        {open === 'what-if' && (
          <>
            {forbidden && <BlockNote block={forbidden} />}
            <WhatIf demo={demo} disabled={forbidden !== null} />
          </>
        )}
      </div>
      <div id={`${id}-real`} hidden={open !== 'real'}>
        {open === 'real' && <RealThing dockerHost={demo.state?.dockerHost} />}
      </div>
    </DemoFrame>
  );
}
