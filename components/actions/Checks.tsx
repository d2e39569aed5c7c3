import type { UpdateDryRun } from '@/lib/swarm/spec/answers';
import { Prose } from '../ui/Prose';

const TONES = { ok: 'text-ok', warning: 'text-warn', unknown: 'text-dim', refused: 'text-bad' };
const MARKS = { ok: '✓', warning: '!', unknown: '?', refused: '✕' };
const WORDS = { ok: 'Fine', warning: 'Warning', unknown: 'Not checked', refused: 'Not possible' };

/** What was checked of a service before it is sent. */
export function Checks({ checks }: { checks: UpdateDryRun['checks'] }) {
  if (checks.length === 0) return null;
  return (
    <ul className="space-y-1" aria-label="Checks">
      {checks.map(({ field, state, text }) => (
        <li key={`${field} ${text}`} data-check={state} className="flex gap-2">
          <b aria-hidden className={`w-3 flex-none text-center ${TONES[state]}`}>
            {MARKS[state]}
          </b>
          <span className="sr-only">{WORDS[state]}:</span>
          <span className="min-w-0 wrap-anywhere">
            <Prose text={text} />
          </span>
        </li>
      ))}
    </ul>
  );
}
