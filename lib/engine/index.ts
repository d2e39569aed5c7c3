export type { Engine } from './engine';
export { EngineError, isEngineError } from './errors';
export { dockerEngine } from './docker-engine';
export { addressText, type EngineAddress } from './address';
export { locateEngines, type EngineSource, type LocatedEngine } from './locate';
export { probeEngine, type EngineProbe } from './probe';
export { askDemo, demoControl } from './demo';
