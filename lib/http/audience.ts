import { authenticate, callerOf, type Caller } from '../auth';
import type { Audience } from '../engine';

/** Whether the sender may see details of the host: socket paths, addresses and files. */
export function audienceOf(headers: Headers): Audience {
  return audience(callerOf(headers));
}

/** As `audienceOf`, for an answer to a change: its guard has checked a password in `Authorization` too. */
export function audienceOfChange(headers: Headers): Audience {
  return audience(authenticate(headers).caller);
}

function audience({ role }: Caller): Audience {
  return role === 'operator' ? 'private' : 'public';
}
