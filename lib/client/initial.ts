import type { Access, Status } from '@/lib/api';
import type { SwarmView } from '@/lib/swarm/view';

/**
 * What the server already knows when it renders the page, so that the first HTML shows the real
 * board. `status.now` is the clock that every age in that HTML is reckoned by.
 */
export interface Initial {
  /** Null when the server has no picture yet. */
  view: SwarmView | null;
  status: Status;
  access: Access;
  /** What starts the dashboard where it runs: `clusterhat`, or `npm start` in a clone. */
  command: string;
  /** The highest replica count that the server accepts (MAX_REPLICAS). */
  maxReplicas: number;
}
