/** What the exit code of `voronka` means. */
export const EXIT = {
  ok: 0,
  failed: 1,
  /** A wrong option, setting or file. */
  usage: 2,
  /** The data directory is in use by another process. */
  held: 3,
  /** A store does not answer. */
  away: 4,
} as const;

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

/** Exit code and line for anything thrown. Told by name and code, so that nothing heavy is loaded to find out. */
export function explain(error: unknown): { exitCode: number; line: string } {
  const { name, message, code, detail } = (error ?? {}) as Record<'name' | 'message' | 'detail', string> & {
    code?: unknown;
  };
  // Several failed tries at connecting come as one error without words of its own.
  const line = message || (error instanceof AggregateError ? String(error.errors[0]) : String(code ?? error));
  if (error instanceof CliError) return { exitCode: error.exitCode, line };
  switch (name) {
    case 'SettingsError':
    case 'MappingError':
    case 'MasterKeyError':
      return { exitCode: EXIT.usage, line };
    case 'DomainError':
      return { exitCode: EXIT.failed, line: `${String(code)}: ${detail}` };
    case 'EmbeddedPostgresError':
    case 'OwnerLockError':
      return { exitCode: code === 'held' ? EXIT.held : EXIT.away, line };
    case 'LogUnavailableError':
    case 'OutcomeUnknownError':
      return { exitCode: EXIT.away, line };
    default:
      return isAway(code)
        ? { exitCode: EXIT.away, line: `a store does not answer: ${line}` }
        : { exitCode: EXIT.failed, line };
  }
}

function isAway(code: unknown): boolean {
  return typeof code === 'string' && ['ECONNREFUSED', 'ENOTFOUND', 'ETIMEDOUT', '57P03', '57P01'].includes(code);
}
