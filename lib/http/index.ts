export { audienceOf } from './audience';
export { guardChange, guardInspect, guardLogs, guardPage, guardRead, guardRun } from './guard';
export { answerChange } from './answer-change';
export { dryRunResponse, isDryRun, ownPlace, presentSwarm, wantsSecrets } from './dry-run';
export { etagOf, inspectedNodeEtag, nodeEtagOf } from './etag';
export { engineProblem, problemResponse, rejection, unknownRun } from './problem';
export { note, noteOfRun, recorded, type Noted } from './record';
export { readJson } from './read-json';
export { guardStream } from './guard-stream';
