import type { ReactNode } from 'react';
import { useFromNow } from '@/lib/client/hooks';
import { clockTime } from '@/lib/swarm/duration';
import { SHOW_LOGS, type HintAction } from '@/lib/swarm/hints/actions';
import type { ServiceView } from '@/lib/swarm/view';
import { HintActions } from '../actions/HintActions';
import { CopyCommand } from '../ui/CopyCommand';
import { Help } from '../ui/Help';
import { TermText } from '../ui/TermText';
import { Popover } from '../ui/Popover';
import { Prose } from '../ui/Prose';
import { pausedWords } from './paused-words';

type Update = NonNullable<ServiceView['update']>;

const TONES = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad' };

/** An update or rollback in two lines; on a click what failed, and what to do. Stays until the service changes again. */
export function UpdateNote({
  update,
  service,
  serviceId,
}: {
  update: Update;
  service: string;
  serviceId: string;
}) {
  const { state, note } = update;
  if (!note) return null;
  const { tone, before, at, after, failure, actions } = note;
  const isPaused = tone === 'bad';
  const headline = (start: ReactNode) => (
    <>
      {start}
      {at !== null && (
        <>
          {' '}
          <LocalTime at={at} />
        </>
      )}
      {after}.
    </>
  );
  return (
    <section
      // Another element, as browsers count a change between the two as a move, also out of sight.
      key={isPaused ? 'paused' : 'passing'}
      aria-label={`Update of ${service}`}
      data-update={state}
      className={`text-xs ${isPaused ? PAUSED : 'mt-2 h-9 touch:h-11'}`}
    >
      <Popover
        label={`Details of the update of ${service}`}
        className={`flex items-center gap-1 text-left font-semibold touch:min-h-11 ${TONES[tone]}`}
        line={
          <span className="line-clamp-2">
            {isPaused && failure && at !== null ? (
              <>
                {pausedWords({ update })} <LocalTime at={at} />:{' '}
                <span className="font-normal">{failureLine(failure)}</span>
              </>
            ) : (
              headline(before)
            )}
          </span>
        }
      >
        <p className="font-semibold">
          {headline(<TermText text={before} words={['update', 'rollback']} />)}{' '}
          {failure && <Help id="update-failed" about={`update of ${service}`} />}
        </p>
        {failure && <Failure failure={failure} />}
        {!isPaused && <HintActions actions={buttonsOf(note)} serviceId={serviceId} />}
        {actions.map(({ label, command }) => (
          <div key={command} className="mt-2">
            <p className="mb-1 text-dim">{label}:</p>
            <CopyCommand command={command} label={`the command: ${label}`} />
          </div>
        ))}
      </Popover>
      {isPaused && <HintActions bar actions={buttonsOf(note)} serviceId={serviceId} />}
    </section>
  );
}

/**
 * On narrow pages it stays at the window's lower edge while the panel's end is out of sight; on wide ones it would hide
 * the progress there, and the board has the ways out. As high as its own room and that of the reasons above it, so that
 * nothing moves when it appears.
 */
const PAUSED =
  'max-wide:sticky bottom-0 z-1 -mx-4 -mt-9 flex h-20 flex-col justify-between border-t border-line bg-panel px-4 pt-1 pb-0.5 touch:-mt-11 touch:h-24 touch:py-0';

/** The ways out, and the logs of what failed. */
export function buttonsOf({ actions, failure }: NonNullable<Update['note']>): HintAction[] {
  const ways = actions.flatMap(({ action }) => action ?? []);
  return failure ? [...ways, SHOW_LOGS] : ways;
}

/** What failed, with its error and what that means. */
export function Failure({
  failure: { text, error, hint, help, all },
}: {
  failure: NonNullable<NonNullable<Update['note']>['failure']>;
}) {
  return (
    <>
      <p className="mt-1 text-bad">
        {/* An engine's error is not markup. */}
        {failureLine({ text, error })}
      </p>
      {hint && (
        <p className="mt-1">
          <Prose text={hint} /> {help && <Help id={help} about={text} />}
        </p>
      )}
      {all && <p className="mt-1 text-dim">{all}</p>}
    </>
  );
}

/** `goweb.2 on zero1 failed: task: non-zero exit (1)` */
export function failureLine({ text, error }: { text: string; error: string }): string {
  return error ? `${text}: ${error}` : `${text}.`;
}

/** A time in the reader's zone: of today the clock, else with the date. */
function LocalTime({ at }: { at: number }) {
  const text = useFromNow((now) => localTime(at, now));
  return <time dateTime={new Date(at).toISOString()}>{text}</time>;
}

function localTime(at: number, now: number): string {
  const then = new Date(at);
  const time = clockTime(at).slice(0, 5);
  if (then.toDateString() === new Date(now).toDateString()) return time;
  return `${time} on ${then.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', year: 'numeric' })}`;
}
