export { accessOf, authenticate, callerOf, streamOwners, type Caller } from './caller';
export type { AccessRefusal } from './refusal';
export { refuseChange, refuseInspect, refuseLogs, refuseRead, refuseRun } from './refuse';
export { signIn, signOut } from './session-cookies';
