import type { ReactNode } from 'react';
import type { UpdateDryRun } from '@/lib/swarm/spec/answers';
import type { ShownProblem } from '@/lib/client/request';
import { counted } from '@/lib/swarm/words';
import { ProblemText } from '../actions/ActionFooter';
import { Checks } from '../actions/Checks';
import { CopyCommand } from '../ui/CopyCommand';
import { Skeleton } from '../ui/Skeleton';

/** What the server says of the form, and the docker command that it equals. */
export function Beside({
  checks,
  problem,
  state,
  command,
  children,
}: {
  checks: UpdateDryRun['checks'] | null;
  /** Why nothing could be checked. */
  problem: ShownProblem | null;
  /** `wrong`: the form has errors, so that nothing is asked; `same`: nothing was changed. */
  state: 'checked' | 'checking' | 'wrong' | 'same';
  /** That of the form; null where it was never without errors. */
  command: string | null;
  /** The difference. */
  children?: ReactNode;
}) {
  return (
    <>
      <div className="min-h-0 space-y-3 md:scrolls md:flex-1">
        {children}
        <section aria-label="Checks of the server">
          <h3 className="mb-1 flex items-baseline gap-2 text-xs text-dim">
            Checks
            <span className="text-faint" data-checks={state}>
              {state === 'wrong' && checks ? LAST_VALID : NOTES[state]}
            </span>
          </h3>
          {problem && <ProblemText problem={problem} />}
          {!problem && checks && <Checks checks={checks} />}
          {!problem && !checks && state === 'checking' && <Skeleton className="h-20" />}
        </section>
      </div>
      {command !== null && (
        <section aria-label="Equivalent command" className="flex-none">
          <h3 className="mb-1 text-xs text-dim">
            Equivalent command
            {state === 'wrong' && <span className="ml-2 text-faint">{LAST_VALID}</span>}
          </h3>
          <CopyCommand
            className="md:max-h-64 md:overflow-y-auto"
            command={command}
            label="the equivalent command"
          />
        </section>
      )}
    </>
  );
}

const LAST_VALID = 'of the last valid form';
const NOTES = {
  checked: '',
  checking: 'checking…',
  wrong: 'once the marked fields are correct',
  same: 'nothing was changed',
};

/** The checks in one sentence. */
export function checksSummary(checks: UpdateDryRun['checks']): string {
  const bad = checks.filter(({ state }) => state !== 'ok');
  if (checks.length === 0) return '';
  if (bad.length === 0) return 'The server’s checks found nothing wrong.';
  return bad.map(({ text }) => text).join(' ');
}

/** How many checks are not well, in a few words: `1 warning, 1 not checked`. */
export function checksBrief(checks: UpdateDryRun['checks']): string {
  const count = (of: string) => checks.filter(({ state }) => state === of).length;
  const [warnings, unknown] = [count('warning'), count('unknown')];
  return [
    ...(warnings > 0 ? [counted(warnings, 'warning')] : []),
    ...(unknown > 0 ? [`${unknown} not checked`] : []),
  ].join(', ');
}
