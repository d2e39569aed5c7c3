import type { ProblemKind } from '../api';
import { knownRole } from '../auth/caller';
import { clientOf } from '../auth/client';
import { planWords } from '../curl/plan';
import type { FullRunRequest } from '../curl/run';
import { logChange } from '../log';
import { countRefused } from '../observe/counters';
import { recordRefused } from '../observe/refused';
import { kindOf } from './problem';

/** What a change is about; noted as soon as it is known, so that one that fails is logged with it. */
export interface Noted {
  readonly service?: string;
  readonly node?: string;
  /** Of a run: the published port, the path without its query, and how many requests how fast. */
  readonly port?: number;
  readonly path?: string;
  readonly plan?: string;
  /** The docker command that does the same, without any secret. */
  readonly command?: string;
  /** Overrides the role of the request's headers: a sign-in is logged with the new role. */
  readonly role?: string;
}

const notes = new WeakMap<Request, Noted>();
/** Refusals that a guard has reported; they come by again in `recorded`. */
const reported = new WeakSet<Response>();

/**
 * Adds to the log's line on this request, which from now on is about a change that was tried. A route
 * that leaves everything as it was notes nothing, and gets no line.
 */
export function note(request: Request, noted: Noted): void {
  notes.set(request, { ...notes.get(request), ...noted });
}

/** A run as it is logged. The query can be a secret, so it is left out. */
export function noteOfRun(request: FullRunRequest): Noted {
  const { service, entryNode, publishedPort: port } = request;
  const path = request.path.replace(/\?.*$/, '');
  const node = entryNode === undefined ? {} : { node: entryNode };
  return { service, ...node, port, path, plan: planWords(request) };
}

/** Counts and logs a request that is answered with a problem, once; returns the response. */
export function reportRefused(request: Request, response: Response): Response {
  const kind = kindOf(response);
  if (kind === null || reported.has(response)) return response;
  reported.add(response);
  const { method, url, headers } = request;
  const path = URL.parse(url)?.pathname ?? '';
  const [role, client] = [knownRole(headers), clientOf(headers)];
  recordRefused({ kind, method, path, role, client, status: response.status });
  return response;
}

/** The same for a page, which is sent with status 200 and the reason in its HTML. */
export function reportRefusedPage(headers: Headers, path: string, kind: ProblemKind): void {
  recordRefused({ kind, method: 'GET', path, client: clientOf(headers), status: 200 });
}

/**
 * Every route that changes something is wrapped in this: the log gets one line per change that was
 * tried, with who, what, its outcome and how long it took, and one per request that was refused before.
 * `route` is the route's path pattern, without values.
 */
export function recorded<Rest extends unknown[]>(
  action: string,
  route: string,
  handler: (request: Request, ...rest: Rest) => Response | Promise<Response>,
): (request: Request, ...rest: Rest) => Promise<Response> {
  return async (request, ...rest) => {
    const began = performance.now();
    const log = (outcome: string, status: number) => {
      const { headers, method } = request;
      const noted = notes.get(request);
      const role = noted?.role ?? knownRole(headers);
      const ms = performance.now() - began;
      const who = { role, client: clientOf(headers) };
      logChange({ action, ...noted, ...who, method, route, outcome, status, ms });
    };
    try {
      const response = await handler(request, ...rest);
      const kind = kindOf(response);
      if (!notes.has(request)) return reportRefused(request, response);
      if (kind !== null) countRefused(kind);
      log(kind ?? 'ok', response.status);
      return response;
    } catch (error) {
      log('defect', 500);
      throw error;
    }
  };
}
