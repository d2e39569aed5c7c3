import { useFromNow } from '@/lib/client/hooks';
import { clockTime } from '@/lib/swarm/duration';
import type { ServiceView } from '@/lib/swarm/view';
import { CopyCommand } from '../ui/CopyCommand';
import { Help } from '../ui/Help';
import { TermText } from '../ui/TermText';
import { Prose } from '../ui/Prose';

type Update = NonNullable<ServiceView['update']>;

const TONES = {
  ok: 'border-l-ok-fill',
  warn: 'border-l-warn-fill',
  bad: 'border-l-bad-fill',
};

/** A rollback, or a paused update: what failed, and what to do. Stays until the service changes again. */
export function UpdateNote({
  update: { state, note },
  service,
}: {
  update: Update;
  service: string;
}) {
  if (!note) return null;
  const { tone, before, at, after, failure, actions } = note;
  return (
    <section
      aria-label={`Update of ${service}`}
      data-update={state}
      className={`mt-3 border-l-3 pl-3 text-xs wrap-anywhere ${TONES[tone]}`}
    >
      <p className="font-semibold">
        <TermText text={before} words={['update', 'rollback']} />
        {at !== null && (
          <>
            {' '}
            <LocalTime at={at} />
          </>
        )}
        {after}. {failure && <Help id="update-failed" about={`update of ${service}`} />}
      </p>
      {failure && <Failure failure={failure} />}
      {actions.map(({ label, command }) => (
        <div key={command} className="mt-2">
          <p className="mb-1 text-dim">{label}:</p>
          <CopyCommand command={command} label={`the command: ${label}`} />
        </div>
      ))}
    </section>
  );
}

function Failure({
  failure: { text, error, hint, help, all },
}: {
  failure: NonNullable<NonNullable<Update['note']>['failure']>;
}) {
  return (
    <>
      <p className="mt-1 text-bad">
        {/* An engine's error is not markup. */}
        {error ? `${text}: ${error}` : `${text}.`}
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
