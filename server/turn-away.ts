import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuse, type Refusal } from './refusal';

/** Why a request goes no further than the gate. */
export interface TurnedAway extends Refusal {
  /** `Retry-After`, `Allow`. */
  headers?: Readonly<Record<string, string>>;
}

/** Refuses a request and ends its connection, whatever else that has brought or will bring. */
export function turnAway(
  request: IncomingMessage,
  response: ServerResponse,
  why: TurnedAway,
): void {
  if (response.headersSent) {
    request.socket.destroy();
    return;
  }
  for (const [name, value] of Object.entries(why.headers ?? {})) response.setHeader(name, value);
  response.setHeader('Connection', 'close');
  refuse(request, response, why);
}
