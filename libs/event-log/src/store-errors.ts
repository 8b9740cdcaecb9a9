import { CorruptEventError, LogUnavailableError } from './errors.js';

/** Why a read ended; everything but a corrupt event means "the store is away". */
export function readFailure(error: unknown): Error {
  if (error instanceof CorruptEventError || error instanceof LogUnavailableError) return error;
  return new LogUnavailableError(`The event store does not answer: ${reasonOf(error)}`, { cause: error });
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
