import { ROTATE } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Segmented } from '../../ui/Segmented';
import { Control } from './Control';
import { changeSettings } from './remembered';
import type { RunSettings } from './run-settings';
import { Select } from '../../ui/Field';

/** Up to so many entry nodes stand side by side; more are a list to choose from. */
const SIDE_BY_SIDE = 6;

/** Where requests enter the mesh: one node, or every node in turn. */
export function EntryControl({
  entries,
  entry,
  settings,
  fixed,
}: {
  entries: readonly NodeView[];
  entry: NodeView | null;
  settings: RunSettings;
  fixed: boolean;
}) {
  const rotating = settings.entryNode === ROTATE;
  const value = rotating ? ROTATE : (entry?.name ?? null);
  const choose = (entryNode: string) => changeSettings({ entryNode });
  return (
    <Control label="enter at">
      {entries.length > SIDE_BY_SIDE ? (
        <Select
          aria-label="Entry node"
          value={value ?? undefined}
          disabled={fixed}
          onChange={(event) => choose(event.target.value)}
        >
          {entries.map(({ id, name }) => (
            <option key={id}>{name}</option>
          ))}
          <option value={ROTATE}>rotate: every node in turn</option>
        </Select>
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
