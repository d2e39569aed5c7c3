export { accessOf, authenticate, callerOf, type Caller } from './caller';
export type { Refusal } from './refusal';
export { refuseChange, refuseRead, refuseRun } from './refuse';
export { signIn, signOut } from './session-cookies';
