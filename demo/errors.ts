/** An error response of the engine: status and `message`. */
export class DemoEngineError extends Error {
  override name = 'DemoEngineError';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The HTTP status that the engine sends for each gRPC code of swarm's manager. */
const STATUS = {
  InvalidArgument: 400,
  NotFound: 404,
  AlreadyExists: 409,
  FailedPrecondition: 400,
  Unimplemented: 501,
  Unknown: 500,
} as const;

/** An error of swarm's manager. The engine prefixes its text with the code. */
export function rpcProblem(code: keyof typeof STATUS, text: string): DemoEngineError {
  return new DemoEngineError(STATUS[code], `rpc error: code = ${code} desc = ${text}`);
}
