import { CorruptEventError, LogUnavailableError } from './errors.js';
import { MasterKeyError } from './key-wrapping.js';

/** Why a read ended; everything but a corrupt event and a wrong master key means "the store is away". */
export function readFailure(error: unknown): Error {
  const ownWords = [CorruptEventError, LogUnavailableError, MasterKeyError];
  if (ownWords.some((known) => error instanceof known)) return error as Error;
  return new LogUnavailableError(`The event store does not answer: ${reasonOf(error)}`, { cause: error });
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
