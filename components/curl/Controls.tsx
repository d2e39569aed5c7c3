'use client';

import { memo, useId, type ReactNode } from 'react';
import { DURATIONS } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Segmented } from '../ui/Segmented';
import { changeSettings } from './remembered';
import { RATE_CHOICES, withPresent, type Settings, type Target } from './settings';

/** Up to so many entry nodes stand side by side; more are a list to choose from. */
const SIDE_BY_SIDE = 6;
const ROW = 'flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2';

/**
 * Where requests go and how many; the form around it is the panel's. `fixed` while a run goes:
 * then they show that run's. Drawn again only when they change, not with every answer.
 */
export const Controls = memo(function Controls({
  settings,
  targets,
  target,
  entries,
  entry,
  complaint,
  fixed,
}: {
  settings: Settings;
  targets: readonly Target[];
  target: Target | null;
  entries: readonly NodeView[];
  entry: NodeView | null;
  /** What is wrong with the path; null when nothing is. */
  complaint: string | null;
  fixed: boolean;
}) {
  const { rate, seconds, path } = settings;
  const complaintId = useId();
  return (
    <div className="my-3 grid gap-2 **:no-underline!">
      <div className={ROW}>
        {targets.length > 1 && (
          <Control label="ask">
            <select
              className="field"
              aria-label="Service and port"
              value={target?.key}
              disabled={fixed}
              onChange={(event) => changeSettings({ target: event.target.value })}
            >
              {targets.map(({ key }) => (
                <option key={key}>{key}</option>
              ))}
            </select>
          </Control>
        )}
        <Control label="enter at">
          {entries.length > SIDE_BY_SIDE ? (
            <select
              className="field"
              aria-label="Entry node"
              value={entry?.name}
              disabled={fixed}
              onChange={(event) => changeSettings({ entryNode: event.target.value })}
            >
              {entries.map(({ id, name }) => (
                <option key={id}>{name}</option>
              ))}
            </select>
          ) : (
            <Segmented
              label="Entry node"
              choices={entries.map(({ name }) => ({ value: name, label: name }))}
              value={entry?.name ?? null}
              disabled={fixed}
              onChange={(entryNode) => changeSettings({ entryNode })}
            />
          )}
        </Control>
        <Control label="path">
          <input
            className="field w-40 font-mono text-[13px]"
            aria-label="Path"
            aria-invalid={complaint !== null}
            aria-describedby={complaintId}
            value={path}
            disabled={fixed}
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            enterKeyHint="go"
            onChange={(event) => changeSettings({ path: event.target.value })}
          />
          <span id={complaintId} className="text-xs text-bad">
            {complaint}
          </span>
        </Control>
      </div>
      <div className={ROW}>
        <Control label="rate">
          <Segmented
            label="Rate"
            choices={withPresent<Settings['rate']>(RATE_CHOICES, rate).map((value) => ({
              value,
              label: value === 'once' ? 'once' : `${value}/s`,
            }))}
            value={rate}
            disabled={fixed}
            onChange={(next) => changeSettings({ rate: next })}
          />
        </Control>
        <Control label="for">
          <Segmented
            label="Duration"
            choices={withPresent<number>(DURATIONS, seconds).map((value) => ({
              value,
              label: value === 300 ? '5 min' : `${value} s`,
            }))}
            value={rate === 'once' ? null : seconds}
            disabled={fixed || rate === 'once'}
            onChange={(next) => changeSettings({ seconds: next })}
          />
        </Control>
      </div>
    </div>
  );
});

function Control({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex max-w-full min-w-0 flex-wrap items-center gap-x-2 gap-y-1">
      <span aria-hidden className="text-dim">
        {label}
      </span>
      {children}
    </div>
  );
}
