/** The exit code of bad input and of a machine that cannot run the lab. */
export const EXIT_USAGE = 2;

/** An error whose message is printed without a stack. */
export class LabFailure extends Error {
  override readonly name = 'LabFailure';

  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
