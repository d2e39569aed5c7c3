'use client';

import { memo, useId, useState } from 'react';
import { FAIR_RATE, ROTATE } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Button } from '../../ui/Button';
import { Choice } from './Control';
import { entryKey } from './dial-targets';
import { EntryControl } from './EntryControl';
import { ModeControls } from './ModeControls';
import { MoreControls } from './MoreControls';
import { PathControl } from './PathControl';
import type { RunSettings } from './run-settings';
import { changeSettings } from './settings-store';
import { changedWords, limitWords } from './settings-words';

const ROW = 'flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2 @3xl:@max-4xl:gap-x-2';

/**
 * The settings of the next run, in one line on a wide page; while a run is active, that run's settings, locked.
 * Memoized: answers arrive four times a second.
 */
export const Controls = memo(function Controls({
  settings,
  entries,
  entry,
  pathProblem,
  locked,
}: {
  settings: RunSettings;
  entries: readonly NodeView[];
  entry: NodeView | null;
  /** Why the path is invalid; null if it is valid. */
  pathProblem: string | null;
  locked: boolean;
}) {
  const [more, setMore] = useState(false);
  const [higherRates, showHigherRates] = useState(false);
  const moreId = useId();
  const changed = changedWords(settings);
  const limit = limitWords(settings);
  return (
    <div className="@container mt-2.5 mb-1 grid gap-2">
      <div className={ROW}>
        <EntryControl
          entries={entries}
          value={settings.entryNode === ROTATE ? ROTATE : entry && entryKey(entry)}
          locked={locked}
        />
        <ModeControls settings={settings} locked={locked} higherRates={higherRates} />
        <Button
          look="bare"
          className="min-w-12 max-w-full text-xs text-dim"
          aria-label={!more && changed ? `More: ${changed}` : undefined}
          aria-expanded={more}
          aria-controls={moreId}
          onClick={() => setMore(!more)}
        >
          <span className="truncate">
            {more ? 'Less' : 'More'}
            {/* On wide pages the line below has them. */}
            {!more && changed && <span className="sm:hidden">: {changed}</span>}
          </span>
          <span aria-hidden>{more ? '▴' : '▾'}</span>
        </Button>
      </div>
      <div id={moreId} className={more ? ROW : 'hidden'}>
        <PathControl path={settings.path} problem={pathProblem} locked={locked} />
        <Choice
          label="Connection"
          name="Connection"
          choices={['new', 'keepAlive']}
          words={(each) => (each === 'new' ? 'New per request' : 'Keep alive')}
          value={settings.connection}
          locked={locked}
          onChange={(next) => changeSettings({ connection: next })}
        />
        <MoreControls settings={settings} locked={locked} />
        {settings.mode === 'steady' && !higherRates && settings.rate <= FAIR_RATE && !locked && (
          <Button look="bare" className="text-xs text-dim" onClick={() => showHigherRates(true)}>
            Higher rates
          </Button>
        )}
      </div>
      {limit && <p className="text-xs text-warn">{limit}</p>}
      {pathProblem && !more && <p className="text-xs text-bad">{pathProblem}</p>}
    </div>
  );
});
