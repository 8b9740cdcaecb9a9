export { errnoOf, reasonOf } from '../../shared/src/thrown.js';

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
