import type {
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
  EngineVersion,
} from './engine-json';

/** The engine's lists at one instant, parsed. What `SwarmView` is made from, and nothing else. */
export interface Snapshot {
  info: EngineInfo;
  version: EngineVersion;
  nodes: EngineNode[];
  services: EngineService[];
  tasks: EngineTask[];
}
