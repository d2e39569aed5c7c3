'use client';

import { useEffect } from 'react';
import { useView } from '@/lib/client/hooks';
import { Button } from '../ui/Button';
import { LiveRegion } from '../ui/LiveRegion';
import { buttonsOf, Failure } from '../service/UpdateNote';
import { openAction } from './action-store';
import { DifferenceList } from './DifferenceList';
import { HintActions } from './HintActions';
import { holdOutcome, reportOutcome, reportOutcomeText, useOutcome, type Outcome } from './outcome';
import { outcomeNow, type OutcomeNow } from './outcome-now';

const TONES = { ok: '', warn: 'text-warn', bad: 'text-bad' };

/** What the last change did, and became, with the way back. Lies over the page, so that nothing moves. */
export function OutcomeNote() {
  const outcome = useOutcome();
  const view = useView();
  const now = outcome && outcomeNow(outcome, view);
  return (
    <>
      <LiveRegion text={now?.text ?? ''} />
      {outcome && now && <Note key={JSON.stringify(outcome)} outcome={outcome} now={now} />}
    </>
  );
}

function Note({ outcome, now: { text, tone, problem } }: { outcome: Outcome; now: OutcomeNow }) {
  const { service, differences = [], warnings = [], offers = [], undo } = outcome;
  useEffect(() => reportOutcomeText(text), [text]);
  useEffect(() => () => holdOutcome(false), []);
  return (
    // Only notices that it is being read.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div
      role="group"
      aria-label="What was changed"
      data-outcome
      className="fixed inset-x-3 bottom-3 z-30 flex max-h-[40dvh] items-start gap-3 overflow-y-auto rounded-xl border border-accent-line bg-panel px-4 py-3 text-ink shadow-dialog mx-auto sm:w-md"
      onPointerEnter={() => holdOutcome(true)}
      onPointerLeave={() => holdOutcome(false)}
      onFocus={() => holdOutcome(true)}
      onBlur={() => holdOutcome(false)}
    >
      <div className="min-w-0 flex-1 space-y-1.5 wrap-anywhere">
        <p className={`font-semibold ${TONES[tone]}`}>{text}</p>
        {problem?.failure && <Failure failure={{ ...problem.failure, all: null }} />}
        {problem && service && <HintActions actions={buttonsOf(problem)} serviceId={service.id} />}
        {!problem && <DifferenceList differences={differences} />}
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
      {undo && !problem && <Button onClick={() => openAction(undo)}>Undo</Button>}
      <Button look="bare" aria-label="Dismiss" onClick={() => reportOutcome(null)}>
        ✕
      </Button>
    </div>
  );
}
