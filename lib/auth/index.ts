export { accessOf, authenticate, callerOf, type Caller } from './caller';
export { CLIENT_HEADER, TOKEN_HEADER } from './client';
export type { Refusal } from './guard';
export { refuseChange, refuseRead, refuseRun } from './refuse';
export type { Role } from './role';
export { signIn, signOut } from './session-cookies';
export type { Session } from './sessions';
