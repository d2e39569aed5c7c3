export { guardChange, guardRead } from './guard';
export { engineProblem, problemResponse, unknownRun } from './problem';
export { readJson } from './read-json';
