import { useMemo } from 'react';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { Help } from '../ui/Help';
import { Prose } from '../ui/Prose';
import { reasonsOf } from './progress-reasons';
import type { ProgressRow } from './progress-rows';

const MAX_REASONS = 3;
const MAX_NAMES = 3;

/** Why slots do not run, and why nodes stay empty. */
export function Reasons({
  view: { tasks },
  service: { name, platformLimit: limit },
  rows,
}: {
  view: SwarmView;
  service: ServiceView;
  rows: readonly ProgressRow[];
}) {
  const reasons = useMemo(() => reasonsOf(rows, tasks), [rows, tasks]);
  return (
    <>
      {/* Also while all tasks run: fewer nodes take part than one expects. */}
      {limit && !reasons.some(({ text }) => text.includes(limit.text)) && (
        <p className="text-warn">
          <Prose text={limit.text} />{' '}
          <Help id={limit.help} about={`nodes that cannot run ${name}`} />
        </p>
      )}
      {reasons.slice(0, MAX_REASONS).map(({ names, verb, text, help, engine, final }) => (
        <p key={`${text} ${final}`} className="text-warn" title={engine ?? undefined}>
          {names.slice(0, MAX_NAMES).join(', ')}
          {names.length > MAX_NAMES && ` and ${names.length - MAX_NAMES} more`}{' '}
          {verb === 'waits' && names.length > 1 ? 'wait' : verb}:{' '}
          {/* Backticks in an engine's error are not markup. */}
          {engine === null ? text : <Prose text={text} />}
          {engine !== null && <span className="font-mono text-dim"> ({engine})</span>}{' '}
          {help && <Help id={help} about={`${names[0]} ${verb}`} />}
          {final && (
            <span className="block">
              Swarm starts no further attempt: the restart policy allows none.
            </span>
          )}
        </p>
      ))}
    </>
  );
}
