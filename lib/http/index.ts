export { audienceOf } from './audience';
export { guardChange, guardInspect, guardLogs, guardPage, guardRead, guardRun } from './guard';
export { answerChange } from './answer-change';
export { dryRunResponse, isDryRun, presentSwarm, wantsSecrets } from './dry-run';
export { etagOf } from './etag';
export { engineProblem, problemResponse, rejection, unknownRun } from './problem';
export { note, noteOfRun, recorded, type Noted } from './record';
export { readJson } from './read-json';
export { guardStream } from './guard-stream';
