export { guardChange, guardRead } from './guard';
export { engineProblem, problemResponse } from './problem';
export { explain, readJson } from './read-json';
