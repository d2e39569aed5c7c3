import { useState } from 'react';
import { ROTATE } from '@/lib/curl/run';
import type { NodeView } from '@/lib/swarm/view';
import { selectedEntry } from './dial-targets';

/**
 * Returns the selected entry node: its id once its name is not found any more. A node's hostname can change between two
 * reads, as that of two machines from one SD card does.
 */
export function useStableEntry(nodes: readonly NodeView[], wanted: string | null): string | null {
  const [last, setLast] = useState({ wanted: '', id: '' });
  if (wanted === null || wanted === ROTATE) return wanted;
  const found = selectedEntry(nodes, wanted);
  if (!found) {
    const isHere = last.wanted === wanted && nodes.some(({ id }) => id === last.id);
    return isHere ? last.id : wanted;
  }
  if (last.wanted !== wanted || last.id !== found.id) setLast({ wanted, id: found.id });
  return wanted;
}
