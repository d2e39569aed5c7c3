export { audienceOf } from './audience';
export { guardChange, guardRead, guardRun } from './guard';
export { engineProblem, problemResponse, unknownRun } from './problem';
export { note, recorded, reportRefusedPage, type Noted } from './record';
export { readJson } from './read-json';
export { guardStream } from './guard-stream';
