'use client';

import { useId, useState } from 'react';
import { BlockNote, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { ConnectHelp } from './ConnectHelp';
import { DemoFrame } from './DemoFrame';
import { FaultMenu, ResetButton } from './FaultMenu';
import { activeFaults, unopenedPorts } from './faults';
import { useDemo } from './use-demo';

type Part = 'faults' | 'connect';

/** Shown on the demo swarm only: that it is one, its active faults, the menu of faults, and how to connect. */
export function DemoPanel() {
  const demo = useDemo();
  const id = useId();
  const [open, setOpen] = useState<Part | null>(null);
  const forbidden = useForbidden();
  const failed = !demo.state && demo.problem !== null;
  const faults = demo.state ? activeFaults(demo.state) : [];
  const unopened = demo.state ? unopenedPorts(demo.state) : [];
  const toggle = (part: Part, text: string) => (
    <Button
      className="text-xs"
      aria-expanded={open === part}
      aria-controls={`${id}-${part}`}
      onClick={() => setOpen(open === part ? null : part)}
    >
      {text}
    </Button>
  );
  return (
    <DemoFrame>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 grow basis-60">
          <b className="text-accent">Demo swarm:</b> simulated nodes. Nothing here is real.{' '}
          <Help id="demo" about="the demo swarm" />
        </p>
        <span className="flex flex-wrap gap-2">
          {toggle('faults', 'Simulate faults')}
          {toggle('connect', 'Connect a terminal or your own swarm')}
        </span>
      </div>
      <p role="status" className={faults.length > 0 ? 'mt-2 text-warn' : 'sr-only'}>
        {faults.length > 0 && `Active faults: ${faults.join(', ')}.`}
      </p>
      {unopened.length > 0 && (
        <p className="mt-2 text-warn">
          This computer did not open port {unopened.join(', ')} for the demo: requests to it fail.
          The demo keeps trying.
        </p>
      )}
      {faults.length > 0 && (
        <ResetButton
          demo={demo}
          className="mt-2 text-xs"
          disabled={forbidden !== null || demo.busy}
        />
      )}
      {demo.problem && (
        <p role="alert" className="mt-2 text-bad">
          {demo.problem.detail} {demo.problem.next}{' '}
          <Help id={demo.problem.kind} about="why the demo did not change" />
        </p>
      )}
      <div id={`${id}-faults`} hidden={open !== 'faults'}>
        {open === 'faults' && !failed && (
          <>
            {forbidden && <BlockNote block={forbidden} />}
            <FaultMenu demo={demo} disabled={forbidden !== null} />
          </>
        )}
      </div>
      <div id={`${id}-connect`} hidden={open !== 'connect'}>
        {open === 'connect' && !failed && <ConnectHelp dockerHost={demo.state?.dockerHost} />}
      </div>
    </DemoFrame>
  );
}
