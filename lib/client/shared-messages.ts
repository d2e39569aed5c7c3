import type { ConnectionState } from './cache';
import type { StreamRefusal } from './refusal';

/** From a page to the worker that it shares with the browser's other pages. */
export type PageMessage =
  /** The page is visible: it needs everything, then each change. */
  | 'shown'
  /** It is not visible, and receives nothing. */
  | 'hidden'
  /** It is visible and receives messages: a page that has crashed stops sending this. */
  | 'alive'
  /** The page missed a message, or the session has changed: the connection has to be opened again. */
  | 'reconnect'
  /** The page is being closed. */
  | 'closed';

/** From the worker to a page; one field each. */
export interface WorkerMessage {
  /** The JSON text of a message of the stream. */
  text?: string;
  link?: ConnectionState;
  refused?: StreamRefusal['problem'];
}
