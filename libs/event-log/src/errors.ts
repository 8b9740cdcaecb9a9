/** The store did not answer, or not in time. Nothing is known to be lost; try again later. */
export class LogUnavailableError extends Error {
  override readonly name = 'LogUnavailableError';
}

/** Another writer was first: load again and decide again. */
export class WrongRevisionError extends Error {
  override readonly name = 'WrongRevisionError';
  constructor(
    readonly stream: string,
    readonly expected: number | 'noStream' | 'any',
    readonly actual: number | 'noStream' | 'unknown',
  ) {
    super(`stream ${stream}: expected revision ${expected}, found ${actual}`);
  }
}

/** The append may or may not have landed; its ids tell on the next load. */
export class OutcomeUnknownError extends Error {
  override readonly name = 'OutcomeUnknownError';
}

/** One append is larger than the store takes. */
export class AppendTooLargeError extends Error {
  override readonly name = 'AppendTooLargeError';
}

/** An event of ours that cannot be read: what reads it must stop and say where. */
export class CorruptEventError extends Error {
  override readonly name = 'CorruptEventError';
  constructor(
    readonly position: bigint,
    readonly eventType: string,
    readonly eventId: string,
    reason: string,
  ) {
    super(`event ${eventId} (${eventType}) at position ${position}: ${reason}`);
  }
}
