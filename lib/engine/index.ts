export type { Engine } from './engine';
export { ChangeRejected, EngineError, isEngineError, isRefusal } from './errors';
export { countedEngine } from './counted-engine';
export { dockerEngine } from './docker-engine';
export type { EngineAddress } from './address';
export { ownContainer } from './own-container';
export { engineProblemFor, type Audience } from './public-problem';
export { askDemo, demoControl } from './demo';
