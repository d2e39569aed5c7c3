'use client';

import { useId, useRef, useState, type ReactNode } from 'react';
import { BlockNote, useForbidden } from '../ui/Blocked';
import { Button } from '../ui/Button';
import { Help } from '../ui/Help';
import { Popover } from '../ui/Popover';
import { Sheet } from '../ui/Sheet';
import { ConnectHelp } from './ConnectHelp';
import { DEMO_LINE, DEMO_ROWS, DemoFrame, DemoNote } from './DemoFrame';
import { FaultMenu, ResetButton } from './FaultMenu';
import { activeFaults, unopenedPorts } from './faults';
import { useDemo, type DemoControl } from './use-demo';

type Part = 'faults' | 'connect';

/** Shown on the demo swarm only: that it is one, its active faults, the menu of faults, and how to connect. */
export function DemoPanel() {
  const demo = useDemo();
  const id = useId();
  const [open, setOpen] = useState<Part | null>(null);
  const forbidden = useForbidden();
  const failed = !demo.state && demo.problem !== null;
  const faults = demo.state ? activeFaults(demo.state) : [];
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(null);
    button.current?.focus();
  };
  const toggle = (part: Part, text: ReactNode) => (
    <Button
      ref={open === part ? button : undefined}
      className="text-xs max-sm:flex-1"
      aria-expanded={open === part}
      aria-controls={`${id}-${part}`}
      onClick={() => setOpen(open === part ? null : part)}
    >
      {text}
    </Button>
  );
  return (
    <DemoFrame>
      <div className={DEMO_ROWS}>
        <div className={DEMO_LINE}>
          <div className="min-w-0 flex-1">
            <DemoLine demo={demo} faults={faults} />
          </div>
          {faults.length > 0 && (
            <ResetButton
              demo={demo}
              className="text-xs"
              disabled={forbidden !== null || demo.busy}
            />
          )}
        </div>
        <span className="flex gap-2 max-sm:w-full">
          {toggle('faults', 'Simulate faults')}
          {toggle(
            'connect',
            <span>
              Connect<span className="max-lg:sr-only"> a terminal or your own swarm</span>
            </span>,
          )}
        </span>
      </div>
      <Sheet id={`${id}-faults`} title="Simulate faults" open={open === 'faults'} onClose={close}>
        {open === 'faults' && !failed && (
          <>
            {forbidden && <BlockNote block={forbidden} />}
            <FaultMenu demo={demo} disabled={forbidden !== null} />
          </>
        )}
      </Sheet>
      <Sheet
        id={`${id}-connect`}
        title="Connect a terminal or your own swarm"
        open={open === 'connect'}
        onClose={close}
      >
        {open === 'connect' && !failed && <ConnectHelp dockerHost={demo.state?.dockerHost} />}
      </Sheet>
    </DemoFrame>
  );
}

/** One line, two on phones: what is wrong, else which faults are active, else what the demo is. */
function DemoLine({ demo: { state, problem }, faults }: { demo: DemoControl; faults: string[] }) {
  const unopened = state ? unopenedPorts(state) : [];
  const active = faults.length > 0 && `Active faults: ${faults.join(', ')}.`;
  const closed =
    unopened.length > 0 &&
    `This computer did not open port ${unopened.join(', ')} for the demo: requests to it fail. The demo keeps trying.`;
  const tone = problem ? 'text-bad' : 'text-warn';
  return (
    <>
      {problem || active || closed ? (
        <Popover
          label="State of the demo"
          className={`line-clamp-2 max-w-full text-left max-sm:min-h-11 sm:line-clamp-1 ${tone}`}
          line={problem?.detail ?? (active || closed)}
        >
          {problem && (
            <p className="text-bad">
              {problem.detail} {problem.next}{' '}
              <Help id={problem.kind} about="why the demo did not change" />
            </p>
          )}
          {active && <p className="text-warn">{active}</p>}
          {closed && <p className="text-warn">{closed}</p>}
          <p>
            Simulated nodes: nothing here is real. <Help id="demo" about="the demo swarm" />
          </p>
        </Popover>
      ) : (
        <DemoNote />
      )}
      <p role="status" className="sr-only">
        {active}
      </p>
      <p role="alert" className="sr-only">
        {problem && `${problem.detail} ${problem.next ?? ''}`}
      </p>
    </>
  );
}
