'use client';

import { useEffect, useState } from 'react';
import { Button } from '../ui/Button';
import { LiveRegion } from '../ui/LiveRegion';
import { openAction } from './action-store';
import { DifferenceList } from './DifferenceList';
import { reportOutcome, useOutcome, type Outcome } from './outcome';

/** How long the note stays, unless the pointer or the focus is in it (ms). */
const SHOWN_MS = 20_000;

/** What the last change did, with the way back. Lies over the page, so that nothing moves. */
export function OutcomeNote() {
  const outcome = useOutcome();
  return (
    <>
      <LiveRegion text={outcome?.text ?? ''} />
      {outcome && <Note key={JSON.stringify(outcome)} outcome={outcome} />}
    </>
  );
}

function Note({ outcome }: { outcome: Outcome }) {
  const { text, differences = [], warnings = [], offers = [], undo } = outcome;
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return undefined;
    const timer = setTimeout(() => reportOutcome(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    // Only notices that it is being read.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="group"
      aria-label="What was changed"
      data-outcome
      className="fixed inset-x-3 bottom-3 z-30 flex max-h-[40dvh] items-start gap-3 overflow-y-auto rounded-xl border border-accent-line bg-panel px-4 py-3 text-ink shadow-dialog mx-auto sm:w-md"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <div className="min-w-0 flex-1 space-y-1.5 wrap-anywhere">
        <p className="font-semibold">{text}</p>
        <DifferenceList differences={differences} />
        {warnings.map((warning) => (
          <p key={warning} className="text-warn">
            {warning}
          </p>
        ))}
        {offers.length > 0 && (
          <div className="flex flex-wrap gap-2">
            {offers.map(({ label, action }) => (
              <Button key={label} className="text-xs" onClick={() => openAction(action)}>
                {label}
              </Button>
            ))}
          </div>
        )}
      </div>
      {undo && <Button onClick={() => openAction(undo)}>Undo</Button>}
      <Button look="bare" aria-label="Dismiss" onClick={() => reportOutcome(null)}>
        ✕
      </Button>
    </div>
  );
}
