import { EXIT, type Failure, failureOf } from '../../../libs/runtime/src/failure.js';

export { EXIT };

/** An error that is the user's to mend: one line saying what, why and how. */
export class CliError extends Error {
  override readonly name = 'CliError';
  constructor(
    readonly exitCode: number,
    message: string,
  ) {
    super(message);
  }
}

/** Exit code and line for anything thrown. */
export function explain(error: unknown): Failure {
  if (error instanceof CliError) return { exitCode: error.exitCode, line: error.message };
  return failureOf(error);
}
