export { audienceOf } from './audience';
export { guardChange, guardRead, guardRun } from './guard';
export { missingResponse } from './missing';
export { engineProblem, problemResponse, unknownRun } from './problem';
export { note, recorded, reportRefused, reportRefusedPage, type Noted } from './record';
export { readJson } from './read-json';
export { guardStream } from './guard-stream';
