import { ROTATE } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Select } from '../../ui/Field';
import { Segmented } from '../../ui/Segmented';
import { Control } from './Control';
import { entryKey } from './dial-targets';
import { changeSettings } from './settings-store';

/** Up to this number of entry nodes are shown side by side, more as a list. */
const MAX_SEGMENTS = 6;

/** Selects the node at which requests enter the routing mesh, or all nodes in turn. */
export function EntryControl({
  entries,
  value,
  locked,
}: {
  entries: readonly NodeView[];
  /** A node's key or `rotate`. */
  value: string | null;
  locked: boolean;
}) {
  const choose = (entryNode: string) => changeSettings({ entryNode });
  return (
    <Control label="Entry node" term="entry node">
      {entries.length > MAX_SEGMENTS ? (
        <Select
          aria-label="Entry node"
          value={value ?? undefined}
          disabled={locked}
          onChange={(event) => choose(event.target.value)}
        >
          {entries.map((node) => (
            <option key={node.id} value={entryKey(node)}>
              {node.name}
            </option>
          ))}
          <option value={ROTATE}>All in turn</option>
        </Select>
      ) : (
        <Segmented
          label="Entry node"
          choices={[
            ...entries.map((node) => ({ value: entryKey(node), label: node.name })),
            { value: ROTATE, label: 'All in turn' },
          ]}
          value={value}
          disabled={locked}
          onChange={choose}
        />
      )}
    </Control>
  );
}
