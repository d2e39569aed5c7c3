export type { Engine } from './engine';
export { EngineError, isEngineError } from './errors';
export { dockerEngine } from './docker-engine';
export type { EngineAddress } from './address';
export { askDemo, demoControl } from './demo';
