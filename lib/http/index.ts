export { audienceOf } from './audience';
export { guardChange, guardInspect, guardLogs, guardPage, guardRead, guardRun } from './guard';
export { answerChange } from './answer-change';
export {
  dryRunResponse,
  isDryRun,
  knownSwarm,
  ownPlace,
  presentSwarm,
  wantsSecrets,
} from './dry-run';
export { etagOf, inspectedNodeEtag, nodeEtagOf } from './etag';
export { refuseGaps } from './engine-gaps';
export { inspectionResponse } from './inspection';
export {
  ambiguousNode,
  engineProblem,
  problemResponse,
  rejection,
  unknownNode,
  unknownRun,
  unknownTask,
} from './problem';
export { note, noteOfRun, recorded, type Noted } from './record';
export { readJson, refuseBody } from './read-json';
export { guardStream } from './guard-stream';
export { whoOf } from './who';
