export { audienceOf } from './audience';
export { guardChange, guardRead, guardRun } from './guard';
export { engineProblem, problemResponse, unknownRun } from './problem';
export { readJson } from './read-json';
