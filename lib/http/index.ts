export { guardChange, guardRead } from './guard';
export { engineProblem, problemResponse, unknownRun } from './problem';
export { explain, readJson } from './read-json';
