/**
 * Why an embedded server could not be started or stopped:
 * `held`: a living process owns the directory; `unreachable`: the server's user cannot get at the files;
 * `binaries`: no usable PostgreSQL for this machine; `cluster`: the data on disk does not fit;
 * `settings`: the caller's settings; `server`: PostgreSQL itself failed (the message ends with its last log lines).
 */
export type EmbeddedPostgresErrorCode = 'held' | 'unreachable' | 'binaries' | 'cluster' | 'settings' | 'server';

/** An error of the embedded PostgreSQL; the message says what happened and what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';

  constructor(
    readonly code: EmbeddedPostgresErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

// Told by their shape: an error that crossed realms (a test runner's sandbox, a vm) is no `instanceof Error` here.

/** The text of anything thrown. */
export function reasonOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}

/** The errno code of a system error (`ENOENT`, `EACCES`, ...), if it is one. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
