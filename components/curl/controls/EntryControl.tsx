import { ROTATE } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { Select } from '../../ui/Field';
import { Control } from './Control';
import { entryKey } from './dial-targets';
import { changeSettings } from './settings-store';

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
  return (
    <Control label="Entry node" term="entry node">
      <Select
        aria-label="Entry node"
        className="max-w-50"
        value={value ?? undefined}
        disabled={locked}
        onChange={(event) => changeSettings({ entryNode: event.target.value })}
      >
        {entries.map((node) => (
          <option key={node.id} value={entryKey(node)}>
            {node.name}
          </option>
        ))}
        <option value={ROTATE}>All in turn</option>
      </Select>
    </Control>
  );
}
