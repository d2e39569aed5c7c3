export { audienceOf } from './audience';
export { guardChange, guardLogs, guardPage, guardRead, guardRun } from './guard';
export { answerChange, type ChangeOfSwarm } from './answer-change';
export { etagOf } from './etag';
export { engineProblem, problemResponse, rejection, unknownRun } from './problem';
export { note, noteOfRun, recorded, type Noted } from './record';
export { readJson } from './read-json';
export { guardStream } from './guard-stream';
