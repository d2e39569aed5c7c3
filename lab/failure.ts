/** The exit code of bad input and of a machine that cannot run the lab. */
export const EXIT_USAGE = 2;

/** An error that is told to the person in its own words, without a stack; `exitCode` as in a shell. */
export class LabFailure extends Error {
  override readonly name = 'LabFailure';

  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
