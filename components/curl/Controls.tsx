'use client';

import { memo, useId, useState, type ReactNode } from 'react';
import {
  BURSTS,
  DURATIONS,
  FAIR_RATE,
  IN_FLIGHT,
  PORT_REUSE_NOTE,
  ROTATE,
  TIMEOUTS,
} from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Button } from '../ui/Button';
import { Segmented } from '../ui/Segmented';
import { changeSettings } from './remembered';
import {
  DEFAULT_SETTINGS,
  FAIR_RATES,
  FAST_RATES,
  capWords,
  unusualWords,
  withPresent,
  type Settings,
  type Target,
} from './settings';

/** Up to so many entry nodes stand side by side; more are a list to choose from. */
const SIDE_BY_SIDE = 6;
const ROW = 'flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2';

/**
 * Where requests go, how many and how; the form around it is the panel's. What matters most stands
 * first, the rest behind "more". `fixed` while a run goes: then they show that run's. Drawn again
 * only when they change, not with every answer.
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
  const [more, setMore] = useState(false);
  const moreId = useId();
  const { mode, burst, seconds, method, inFlight, timeout, connection, keepGoing } = settings;
  // On a phone the second rank is behind "more" too.
  const second = more ? '' : 'max-sm:hidden';
  const unusual = unusualWords(settings);
  const cap = capWords(settings);
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
        <EntryControl entries={entries} entry={entry} settings={settings} fixed={fixed} />
        <PathControl path={settings.path} complaint={complaint} fixed={fixed} className={second} />
      </div>
      <div className={ROW}>
        <Segmented
          label="Mode"
          choices={[
            { value: 'steady' as const, label: 'steady' },
            { value: 'burst' as const, label: 'burst' },
            { value: 'once' as const, label: 'once' },
          ]}
          value={mode}
          disabled={fixed}
          onChange={(next) => changeSettings({ mode: next })}
        />
        {mode === 'steady' && <RateControl rate={settings.rate} fixed={fixed} second={second} />}
        {mode === 'steady' && (
          <Control label="for" className={second}>
            <Segmented
              label="Duration"
              choices={withPresent<number>(DURATIONS, seconds).map((value) => ({
                value,
                label: value === 300 ? '5 min' : `${value} s`,
              }))}
              value={seconds}
              disabled={fixed}
              onChange={(next) => changeSettings({ seconds: next })}
            />
          </Control>
        )}
        {mode === 'burst' && (
          <Control label="of">
            <Segmented
              label="Requests"
              choices={withPresent<number>(BURSTS, burst).map((value) => ({ value, label: value }))}
              value={burst}
              disabled={fixed}
              onChange={(next) => changeSettings({ burst: next })}
            />
          </Control>
        )}
        <Control label="connection" className={second}>
          <Segmented
            label="Connection"
            choices={[
              { value: 'new' as const, label: 'new per request' },
              { value: 'keepAlive' as const, label: 'keep alive' },
            ]}
            value={connection}
            disabled={fixed}
            onChange={(next) => changeSettings({ connection: next })}
          />
        </Control>
        <Button
          look="link"
          className="text-xs text-dim"
          aria-expanded={more}
          aria-controls={moreId}
          onClick={() => setMore(!more)}
        >
          {more ? 'less' : unusual ? `more: ${unusual}` : 'more'}
        </Button>
      </div>
      {cap && <p className="text-xs text-warn">{cap}</p>}
      <div id={moreId} className={more ? ROW : 'hidden'}>
        <Control label="method">
          <Segmented
            label="Method"
            choices={(['GET', 'HEAD'] as const).map((value) => ({ value, label: value }))}
            value={method}
            disabled={fixed}
            onChange={(next) => changeSettings({ method: next })}
          />
        </Control>
        <Control label="in flight">
          <Segmented
            label="In flight"
            choices={withPresent<number>(IN_FLIGHT, inFlight).map((value) => ({
              value,
              label: value,
            }))}
            value={inFlight}
            disabled={fixed}
            onChange={(next) => changeSettings({ inFlight: next })}
          />
        </Control>
        <Control label="timeout">
          <Segmented
            label="Timeout"
            choices={withPresent<number>(TIMEOUTS, timeout).map((value) => ({
              value,
              label: `${value} s`,
            }))}
            value={timeout}
            disabled={fixed}
            onChange={(next) => changeSettings({ timeout: next })}
          />
        </Control>
        <label className="flex min-h-8 items-center gap-2 text-dim max-sm:min-h-11">
          <input
            type="checkbox"
            className="size-4 accent-primary"
            checked={keepGoing}
            disabled={fixed}
            onChange={(event) => changeSettings({ keepGoing: event.target.checked })}
          />
          keep going when much fails
        </label>
        {method === 'HEAD' && (
          <p className="w-full text-xs text-warn">
            An answer to HEAD has no body, so nobody can tell which task gave it.
          </p>
        )}
      </div>
      {complaint && !more && <p className="text-xs text-bad sm:hidden">{complaint}</p>}
    </div>
  );
});

function EntryControl({
  entries,
  entry,
  settings,
  fixed,
}: {
  entries: readonly NodeView[];
  entry: NodeView | null;
  settings: Settings;
  fixed: boolean;
}) {
  const rotating = settings.entryNode === ROTATE;
  const value = rotating ? ROTATE : (entry?.name ?? null);
  const choose = (entryNode: string) => changeSettings({ entryNode });
  return (
    <Control label="enter at">
      {entries.length > SIDE_BY_SIDE ? (
        <select
          className="field"
          aria-label="Entry node"
          value={value ?? undefined}
          disabled={fixed}
          onChange={(event) => choose(event.target.value)}
        >
          {entries.map(({ id, name }) => (
            <option key={id}>{name}</option>
          ))}
          <option value={ROTATE}>rotate: every node in turn</option>
        </select>
      ) : (
        <Segmented
          label="Entry node"
          choices={[
            ...entries.map(({ name }) => ({ value: name, label: name })),
            { value: ROTATE, label: '⟳ rotate' },
          ]}
          value={value}
          disabled={fixed}
          onChange={choose}
        />
      )}
    </Control>
  );
}

/** Fast rates come with what has to be said about them. */
function RateControl({
  rate,
  fixed,
  second,
}: {
  rate: number;
  fixed: boolean;
  /** The class of what is of second rank. */
  second: string;
}) {
  const [faster, setFaster] = useState(false);
  const fast = faster || rate > FAIR_RATE;
  return (
    <>
      <Control label="rate">
        <Segmented
          label="Rate"
          choices={withPresent([...FAIR_RATES, ...(fast ? FAST_RATES : [])], rate).map((value) => ({
            value,
            label: `${value}/s`,
          }))}
          value={rate}
          disabled={fixed}
          onChange={(next) => changeSettings({ rate: next })}
        />
        {!fast && !fixed && (
          <Button
            look="link"
            className={`text-xs text-dim ${second}`}
            onClick={() => setFaster(true)}
          >
            faster…
          </Button>
        )}
      </Control>
      {fast && <p className="order-last w-full text-xs text-warn">{PORT_REUSE_NOTE}</p>}
    </>
  );
}

function PathControl({
  path,
  complaint,
  fixed,
  className,
}: {
  path: string;
  complaint: string | null;
  fixed: boolean;
  className: string;
}) {
  const complaintId = useId();
  return (
    <Control label="path" className={className}>
      <input
        className="field w-40 font-mono text-[13px]"
        aria-label="Path"
        aria-invalid={complaint !== null}
        aria-describedby={complaintId}
        value={path}
        disabled={fixed}
        placeholder={DEFAULT_SETTINGS.path}
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
  );
}

function Control({
  label,
  className = '',
  children,
}: {
  label: string;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={`flex max-w-full min-w-0 flex-wrap items-center gap-x-2 gap-y-1 ${className}`}>
      <span aria-hidden className="text-dim">
        {label}
      </span>
      {children}
    </div>
  );
}
