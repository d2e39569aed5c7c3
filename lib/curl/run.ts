/**
 * Types of the curl panel: a `Run` is one series of requests, an `Answer` one request's outcome, an entry
 * node the node where a request enters the routing mesh.
 */

import type { Drill } from './run-schemas';

export type {
  Answer,
  Drill,
  Entry,
  FullRunRequest,
  Mark,
  RunRollout,
  Run,
  RunRequest,
  Second,
  Share,
  SingleResponse,
  RunVersion,
} from './run-schemas';

/** Requests per second that can be chosen. */
export const RATES = [1, 2, 5, 10, 20, 50, 100] as const;
/** The highest rate at which Linux does not reuse source ports too soon for the counts to be fair. */
export const FAIR_RATE = 20;
/** The note on rates above `FAIR_RATE`, shown before and during a run. */
export const PORT_REUSE_NOTE =
  'Above 20 requests/s Linux reuses source ports within two minutes, and the mesh sends a known source port to the same replica: the counts may be less even than the mesh.';
/** The note on resent requests. */
export const resentNote = (count: number): string =>
  `${count === 1 ? '1 request was' : `${count} requests were`} sent again on a new connection, because the service had closed the reused one without a response. Their latencies include both attempts.`;
/** Seconds that can be chosen. */
export const DURATIONS = [10, 30, 60, 300] as const;
/** Sizes of a burst that can be chosen. */
export const BURSTS = [10, 50, 100, 500] as const;
/** Maximum requests in flight that can be chosen. */
export const IN_FLIGHT = [1, 4, 16] as const;
/** Timeouts that can be chosen, in seconds. */
export const TIMEOUTS = [1, 2, 5] as const;
/** Maximum requests of one run. A longer plan ends there. */
export const MAX_REQUESTS = 6000;
/** Highest values of a run's settings; `timeout` in seconds. */
export const RUN_LIMITS = {
  rate: 100,
  seconds: 300,
  burst: MAX_REQUESTS,
  inFlight: 16,
  timeout: 5,
} as const;
/** The settings of a request that leaves them out. */
export const RUN_DEFAULTS = {
  path: '/Hello!',
  method: 'GET',
  mode: 'steady',
  rate: 5,
  seconds: 30,
  burst: 100,
  inFlight: 4,
  timeout: 2,
  connection: 'new',
  keepGoing: false,
} as const;
/** Value of `entryNode` for all ready nodes with an address in turn. */
export const ROTATE = 'rotate';

/** Why a request has no good answer. */
export const ERROR_KINDS = [
  'refused',
  'connect timeout',
  'read timeout',
  'reset',
  'closed',
  'not sent',
  'no port',
  '3xx',
  '4xx',
  '5xx',
  'only 1xx',
  'bad body',
  'unknown container',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** Whether a request failed; an answer from an unknown container has not. */
export function isFailure(error: ErrorKind | null): boolean {
  return error !== null && error !== 'unknown container';
}

/** Whether a drill has started and its node is not restored yet. */
export function isDrillActive({ state }: Pick<Drill, 'state'>): boolean {
  return state === 'starting' || state === 'out' || state === 'returning';
}

/** Kinds of changes of the swarm during a run. */
export const MARK_KINDS = [
  'scale',
  'update',
  'rollback',
  'drain',
  'pause',
  'activate',
  'task failed',
  'node down',
  'node up',
] as const;
export type MarkKind = (typeof MARK_KINDS)[number];

/** How many seconds the bars show. */
export const SECONDS_SHOWN = 60;
/** How many answers the charts show; as many of the newest are sent to a new viewer. */
export const ANSWERS_SHOWN = 600;
