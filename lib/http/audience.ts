import { callerOf } from '../auth';
import type { Audience } from '../engine';

/** Whether whoever sent these headers may know of the host: of socket paths, addresses and files. */
export function audienceOf(headers: Headers): Audience {
  return callerOf(headers).role === 'operator' ? 'private' : 'public';
}
