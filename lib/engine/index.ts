export type { Engine } from './engine';
export { EngineError, isEngineError } from './errors';
export { dockerEngine, type EngineAddress } from './docker-engine';
export { askDemo, demoControl } from './demo';
