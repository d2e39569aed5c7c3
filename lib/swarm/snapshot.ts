import type {
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
  EngineVersion,
} from './engine-json';
import { NOTHING_ODD, type OddList } from './read-list';
import type { Refusals } from './refusals';

/** The engine's lists at one time, parsed: the only input of `SwarmView`. */
export interface Snapshot {
  /** Null while it is refused; so is `version`. */
  info: EngineInfo | null;
  version: EngineVersion | null;
  /** What is refused; a list of it is empty. */
  refused: Refusals;
  nodes: EngineNode[];
  services: EngineService[];
  tasks: EngineTask[];
  /** Ids of the tasks that are up to date by the engine's own answer; null without an answer. */
  upToDate: ReadonlySet<string> | null;
  /** How far the manager's clock was ahead of the dashboard's when `info` was read (ms); null or none: not known. */
  managerAhead?: number | null;
  /** What could not be read of it. */
  odd: OddParts;
}

/** What could not be read of the engine's answers. */
export interface OddParts {
  nodes: OddList;
  services: OddList;
  tasks: OddList;
  /** Of `/info` and `/version`; see `Reading`. */
  engine: readonly string[];
}

/** Everything could be read. */
export const NO_ODD_PARTS: OddParts = {
  nodes: NOTHING_ODD,
  services: NOTHING_ODD,
  tasks: NOTHING_ODD,
  engine: [],
};
