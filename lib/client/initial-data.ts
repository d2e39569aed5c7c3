import type { Access, Status } from '@/lib/api';
import type { SwarmView } from '@/lib/swarm/view';

/**
 * The server's data when it renders the page, so that the first HTML shows the real board. Ages in that HTML
 * are relative to `status.now`.
 */
export interface InitialData {
  /** Null when the server has no view yet. */
  view: SwarmView | null;
  status: Status;
  access: Access;
  /** The command that starts the dashboard: `clusterhat`, or `npm start` in a clone. */
  command: string;
  /** The highest replica count that the server accepts (MAX_REPLICAS). */
  maxReplicas: number;
}
