export type { Engine, Scaled } from './engine';
export { EngineError, isEngineError, type EngineErrorKind } from './errors';
export { dockerEngine, type EngineAddress } from './docker-engine';
export { askDemo, demoControl } from './demo';
