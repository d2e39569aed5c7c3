export type { Engine } from './engine';
export { EngineError, isEngineError } from './errors';
export { countedEngine } from './counted-engine';
export { dockerEngine } from './docker-engine';
export type { EngineAddress } from './address';
export { askDemo, demoControl } from './demo';
