/** What the exit code of a program means. */
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

export interface Failure {
  readonly exitCode: number;
  readonly line: string;
}

/**
 * Exit code and line for anything that ends a program. Told by name and code, so that nothing heavy is loaded to find
 * out: this file imports nothing.
 */
export function failureOf(error: unknown): Failure {
  const { name, message, code, detail, kind } = (error ?? {}) as Record<
    'name' | 'message' | 'detail' | 'kind',
    string
  > & {
    code?: unknown;
  };
  // Several failed tries at connecting come as one error without words of its own.
  const line = message || (error instanceof AggregateError ? String(error.errors[0]) : String(code ?? error));
  switch (name) {
    case 'SettingsError':
    case 'MappingError':
    case 'MasterKeyError':
      return { exitCode: EXIT.usage, line };
    case 'DomainError':
      return { exitCode: kind === 'invalid' ? EXIT.usage : EXIT.failed, line: `${String(code)}: ${detail}` };
    case 'EmbeddedPostgresError':
    case 'OwnerLockError':
      return { exitCode: code === 'held' ? EXIT.held : EXIT.away, line };
    case 'LogUnavailableError':
    case 'OutcomeUnknownError':
      return { exitCode: EXIT.away, line: `${line} (see EVENTSTORE_URL)` };
    default:
      return ofDatabase(String(code), line) ?? { exitCode: EXIT.failed, line };
  }
}

/** The event store has errors of its own: what is left of the network is PostgreSQL. */
function ofDatabase(code: string, line: string): Failure | null {
  if (AWAY.test(code)) return { exitCode: EXIT.away, line: `PostgreSQL (DATABASE_URL) does not answer: ${line}` };
  if (TURNED_AWAY.test(code))
    return { exitCode: EXIT.usage, line: `PostgreSQL (DATABASE_URL) lets nobody in: ${line}` };
  return null;
}

const AWAY = /^(E(CONNREFUSED|CONNRESET|NOTFOUND|TIMEDOUT|AI_AGAIN|HOSTUNREACH|NETUNREACH)|57P0[13])$/;
/** SQLSTATE: a wrong user or password, no such database. */
const TURNED_AWAY = /^(28...|3D000)$/;
