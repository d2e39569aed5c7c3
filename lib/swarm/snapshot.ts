import type {
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
  EngineVersion,
} from './engine-json';

/** The engine's lists at one time, parsed: the only input of `SwarmView`. */
export interface Snapshot {
  info: EngineInfo;
  version: EngineVersion;
  nodes: EngineNode[];
  services: EngineService[];
  tasks: EngineTask[];
  /** Ids of the tasks that are up to date by the engine's own answer; null without an answer. */
  upToDate: ReadonlySet<string> | null;
  /** How far the manager's clock was ahead of the dashboard's when `info` was read (ms); null or none: not known. */
  managerAhead?: number | null;
}
