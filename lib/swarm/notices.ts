import type { Snapshot } from './snapshot';
import type { Notice, SwarmView } from './view';

/**
 * What the page cannot show, most important first. Each kind has a function of its own. `shown`: the rest of the
 * view.
 */
export function noticesOf(_snapshot: Snapshot, _shown: Omit<SwarmView, 'notices'>): Notice[] {
  return [];
}
