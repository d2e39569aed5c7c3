/** An answer that the engine gives instead of what was asked for: status and `message`. */
export class DemoEngineError extends Error {
  override name = 'EngineProblem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** A gRPC code that swarm's manager answers with, and the HTTP status the engine makes of it. */
const STATUS = {
  InvalidArgument: 400,
  NotFound: 404,
  AlreadyExists: 409,
  FailedPrecondition: 400,
  Unimplemented: 501,
  Unknown: 500,
} as const;

/** An error of swarm's manager: the engine passes its text on with the code in front. */
export function rpcProblem(code: keyof typeof STATUS, text: string): DemoEngineError {
  return new DemoEngineError(STATUS[code], `rpc error: code = ${code} desc = ${text}`);
}
