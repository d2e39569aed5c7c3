import { useMemo } from 'react';
import type { ServiceView, SwarmView } from '@/lib/swarm/view';
import { ActionButton } from '../actions/ActionButton';
import { HintActions } from '../actions/HintActions';
import { Help } from '../ui/Help';
import { Popover } from '../ui/Popover';
import { Prose } from '../ui/Prose';
import { reasonsOf } from './progress-reasons';
import type { ProgressRow } from './progress-rows';

const MAX_REASONS = 3;
const MAX_NAMES = 3;

/** Why slots do not run, and why nodes stay empty: the first reason in two lines, all of them on a click. */
export function Reasons({
  view: { tasks },
  service: { id, name, platformLimit: limit, uneven },
  rows,
}: {
  view: SwarmView;
  service: ServiceView;
  rows: readonly ProgressRow[];
}) {
  const reasons = useMemo(() => reasonsOf(rows, tasks), [rows, tasks]);
  // Also while all tasks run: fewer nodes take part than one expects.
  const limited = limit && !reasons.some(({ text }) => text.includes(limit.text)) ? limit : null;
  const [first] = reasons;
  if (!first && !limited && uneven === null) return null;
  const shown = reasons.slice(0, MAX_REASONS);
  const more = shown.length + Number(limited !== null) + Number(uneven !== null) - 1;
  const rebalance = uneven !== null && (
    <ActionButton action={{ kind: 'restart', service: id }} className="text-xs">
      Rebalance
    </ActionButton>
  );
  return (
    <div className="flex items-center gap-2">
      <Popover
        label={`Why ${name} is as it is`}
        className="flex min-w-0 flex-1 items-center gap-1 text-left text-warn touch:min-h-11"
        line={
          <span className="line-clamp-2">
            {more > 0 && <b>{`+${more} `}</b>}
            {first ? (
              <>
                {subject(first)} <Text reason={first} />
              </>
            ) : (
              <Prose text={limited?.text ?? uneven ?? ''} />
            )}
          </span>
        }
      >
        {limited && (
          <p className="text-warn">
            <Prose text={limited.text} />{' '}
            <Help id={limited.help} about={`nodes that cannot run ${name}`} />
          </p>
        )}
        {shown.map((reason) => {
          const { names, verb, text, help, engine, final, taskId, actions } = reason;
          return (
            <div key={`${text} ${final}`} className="space-y-1.5">
              <p className="text-warn">
                {subject(reason)} <Text reason={reason} />
                {engine !== null && <span className="font-mono text-dim"> ({engine})</span>}{' '}
                {help && <Help id={help} about={`${names[0]} ${verb}`} />}
                {final && (
                  <span className="block">
                    Swarm starts no further attempt: the restart policy allows none.
                  </span>
                )}
              </p>
              <HintActions actions={actions} serviceId={id} taskId={taskId} />
            </div>
          );
        })}
        {uneven !== null && (
          <div className="space-y-1.5">
            <p>
              <Prose text={uneven} />
            </p>
            {rebalance}
          </div>
        )}
      </Popover>
      {!first && !limited && rebalance}
    </div>
  );
}

type Reason = ReturnType<typeof reasonsOf>[number];

function subject({ names, verb }: Reason): string {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const others = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : '';
  return `${shown}${others} ${verb === 'waits' && names.length > 1 ? 'wait' : verb}:`;
}

function Text({ reason: { text, engine } }: { reason: Reason }) {
  // Backticks in an engine's error are not markup.
  return engine === null ? text : <Prose text={text} />;
}
