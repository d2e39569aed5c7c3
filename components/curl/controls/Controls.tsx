'use client';

import { memo, useId, useState } from 'react';
import { BURSTS, DURATIONS, IN_FLIGHT, TIMEOUTS } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Button } from '../../ui/Button';
import { Choose, Control } from './Control';
import { EntryControl } from './EntryControl';
import { PathControl } from './PathControl';
import { RateControl } from './RateControl';
import { changeSettings } from './remembered';
import { capWords, unusualWords, type RunSettings, type DialTarget } from './run-settings';
import { Select } from '../../ui/Field';

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
  settings: RunSettings;
  targets: readonly DialTarget[];
  target: DialTarget | null;
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
    <div className="my-3 grid gap-2">
      <div className={ROW}>
        {targets.length > 1 && (
          <Control label="ask">
            <Select
              aria-label="Service and port"
              value={target?.key}
              disabled={fixed}
              onChange={(event) => changeSettings({ target: event.target.value })}
            >
              {targets.map(({ key }) => (
                <option key={key}>{key}</option>
              ))}
            </Select>
          </Control>
        )}
        <EntryControl entries={entries} entry={entry} settings={settings} fixed={fixed} />
        <PathControl path={settings.path} complaint={complaint} fixed={fixed} className={second} />
      </div>
      <div className={ROW}>
        <Choose
          label=""
          name="Mode"
          choices={['steady', 'burst', 'once']}
          value={mode}
          fixed={fixed}
          onChange={(next) => changeSettings({ mode: next })}
        />
        {mode === 'steady' && <RateControl rate={settings.rate} fixed={fixed} second={second} />}
        {mode === 'steady' && (
          <Choose<number>
            label="for"
            name="Duration"
            choices={DURATIONS}
            words={(each) => (each === 300 ? '5 min' : `${each} s`)}
            value={seconds}
            fixed={fixed}
            onChange={(next) => changeSettings({ seconds: next })}
            className={second}
          />
        )}
        {mode === 'burst' && (
          <Choose<number>
            label="of"
            name="Requests"
            choices={BURSTS}
            value={burst}
            fixed={fixed}
            onChange={(next) => changeSettings({ burst: next })}
          />
        )}
        <Choose
          label="connection"
          name="Connection"
          choices={['new', 'keepAlive']}
          words={(each) => (each === 'new' ? 'new per request' : 'keep alive')}
          value={connection}
          fixed={fixed}
          onChange={(next) => changeSettings({ connection: next })}
          className={second}
        />
        <Button
          look="bare"
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
        <Choose
          label="method"
          name="Method"
          choices={['GET', 'HEAD']}
          value={method}
          fixed={fixed}
          onChange={(next) => changeSettings({ method: next })}
        />
        <Choose<number>
          label="in flight"
          name="In flight"
          choices={IN_FLIGHT}
          value={inFlight}
          fixed={fixed}
          onChange={(next) => changeSettings({ inFlight: next })}
        />
        <Choose<number>
          label="timeout"
          name="Timeout"
          choices={TIMEOUTS}
          words={(each) => `${each} s`}
          value={timeout}
          fixed={fixed}
          onChange={(next) => changeSettings({ timeout: next })}
        />
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
