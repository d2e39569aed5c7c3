import { PROBLEM_STATUS, problemOf, type Problem, type ProblemKind } from '../api';
import { ChangeRejected, engineProblemFor, isEngineError } from '../engine';
import { audienceOf, audienceOfChange } from './audience';

/**
 * A refusal as an RFC 9457 problem document; `kind` is what a program should look at. `retryAfter`: seconds
 * until the same request can be answered otherwise.
 */
export function problemResponse(
  kind: ProblemKind,
  detail: string,
  next?: string,
  {
    status = PROBLEM_STATUS[kind],
    retryAfter,
    errors,
  }: {
    status?: number;
    retryAfter?: number | undefined;
    errors?: Problem['errors'];
  } = {},
): Response {
  const problem = problemOf({ status, kind, detail, next, errors });
  const headers: Record<string, string> = {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  };
  if (retryAfter !== undefined) headers['Retry-After'] = String(retryAfter);
  const response = new Response(JSON.stringify(problem), { status, headers });
  kinds.set(response, kind);
  return response;
}

const kinds = new WeakMap<Response, ProblemKind>();

/** The `kind` of a response that `problemResponse` made; null for any other response. */
export function kindOf(response: Response): ProblemKind | null {
  return kinds.get(response) ?? null;
}

/** The answer to the id of a run that is not remembered. */
export function unknownRun(): Response {
  return problemResponse(
    'not-found',
    'No run has this id.',
    'Only the last 20 runs since the dashboard started are remembered.',
  );
}

/** The answer to a task's name or id that swarm does not list. */
export function unknownTask(): Response {
  return problemResponse(
    'not-found',
    'No task has this id or name.',
    'Swarm keeps the last few tasks of each slot; docker service ps lists them.',
  );
}

/** The answer to a node's name or id that swarm does not list. */
export function unknownNode(): Response {
  return problemResponse(
    'not-found',
    'No node has this name or id.',
    'Give the name or the id of a node that docker node ls shows.',
  );
}

/** The answer to a name that several nodes have. */
export function ambiguousNode(): Response {
  return problemResponse(
    'bad-request',
    'More than one node has this name.',
    'Give the id of the node instead.',
  );
}

/** What a change is rejected with before it is written; it passes through the engine. */
interface Rejection {
  kind: ProblemKind;
  detail: string;
  next?: string | undefined;
  errors?: Problem['errors'];
}

/** An error to be thrown within a change of the engine, so that nothing is written; `engineProblem` answers it. */
export function rejection(cause: Rejection): ChangeRejected {
  return new ChangeRejected(cause.detail, { cause });
}

/** `fields`: which field of the body each error of the engine is about. */
interface EngineProblemOptions {
  fieldOf?: ((message: string) => string | null) | undefined;
}

/**
 * An engine's failure as a problem document, without details of the host unless the caller may see
 * them; and what a change was rejected with. Rethrows any other error: it is a defect.
 */
export function engineProblem(
  error: unknown,
  { method, headers }: Request,
  { fieldOf }: EngineProblemOptions = {},
): Response {
  if (error instanceof Error && error.name === 'ChangeRejected') {
    const { kind, detail, next, errors } = error.cause as Rejection;
    return problemResponse(kind, detail, next, { errors });
  }
  if (!isEngineError(error)) throw error;
  const audience = method === 'GET' ? audienceOf(headers) : audienceOfChange(headers);
  const { kind, detail, next } = engineProblemFor(error, audience);
  const field = fieldOf?.(error.message) ?? null;
  if (field === null) return problemResponse(kind, detail, next);
  const errors = [{ field, message: detail }];
  // The engine answers 500 to some values that it refuses.
  return problemResponse(kind === 'engine-error' ? 'engine-refused' : kind, detail, next, {
    errors,
  });
}
