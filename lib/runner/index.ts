/** The room's front door. */
export { createRunner, LIMITS } from './runner';
export type { RunCursor, RunMessage, Runner, RunnerHooks, RunnerLimits, Started } from './runner';
export { encodeRun } from './encode';
