'use client';

import { memo, useId, useState } from 'react';
import { ROTATE } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { Choice, Control } from './Control';
import { entryKey, type DialTarget } from './dial-targets';
import { EntryControl } from './EntryControl';
import { ModeControls } from './ModeControls';
import { MoreControls } from './MoreControls';
import { PathControl } from './PathControl';
import type { RunSettings } from './run-settings';
import { changeSettings } from './settings-store';
import { changedWords, limitWords } from './settings-words';

const ROW = 'flex min-w-0 flex-wrap items-center gap-x-4 gap-y-2';

/**
 * The settings of the next run; while a run is active, that run's settings, locked. Memoized: answers arrive
 * four times a second.
 */
export const Controls = memo(function Controls({
  settings,
  targets,
  target,
  entries,
  entry,
  pathProblem,
  locked,
}: {
  settings: RunSettings;
  targets: readonly DialTarget[];
  target: DialTarget | null;
  entries: readonly NodeView[];
  entry: NodeView | null;
  /** Why the path is invalid; null if it is valid. */
  pathProblem: string | null;
  locked: boolean;
}) {
  const [more, setMore] = useState(false);
  const moreId = useId();
  const secondary = more ? '' : 'max-sm:hidden';
  const changed = changedWords(settings);
  const limit = limitWords(settings);
  return (
    <div className="my-3 grid gap-2">
      <div className={ROW}>
        {targets.length > 1 && (
          <Control label="Service and port">
            <Select
              aria-label="Service and port"
              value={target?.key}
              disabled={locked}
              onChange={(event) => changeSettings({ target: event.target.value })}
            >
              {targets.map(({ key }) => (
                <option key={key}>{key}</option>
              ))}
            </Select>
          </Control>
        )}
        <EntryControl
          entries={entries}
          value={settings.entryNode === ROTATE ? ROTATE : entry && entryKey(entry)}
          locked={locked}
        />
        <PathControl
          path={settings.path}
          problem={pathProblem}
          locked={locked}
          className={secondary}
        />
      </div>
      <div className={ROW}>
        <ModeControls settings={settings} locked={locked} secondary={secondary} />
        <Choice
          label="Connection"
          name="Connection"
          choices={['new', 'keepAlive']}
          words={(each) => (each === 'new' ? 'New per request' : 'Keep alive')}
          value={settings.connection}
          locked={locked}
          onChange={(next) => changeSettings({ connection: next })}
          className={secondary}
        />
        <Button
          look="bare"
          className="text-xs text-dim"
          aria-expanded={more}
          aria-controls={moreId}
          onClick={() => setMore(!more)}
        >
          {more ? 'Less' : changed ? `More: ${changed}` : 'More'}
        </Button>
      </div>
      {limit && <p className="text-xs text-warn">{limit}</p>}
      <div id={moreId} className={more ? ROW : 'hidden'}>
        <MoreControls settings={settings} locked={locked} />
      </div>
      {pathProblem && !more && <p className="text-xs text-bad sm:hidden">{pathProblem}</p>}
    </div>
  );
});
