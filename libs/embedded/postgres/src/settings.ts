import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** PostgreSQL parameters by name, as in postgresql.conf. */
export type PostgresSettings = Readonly<Record<string, string | number | boolean>>;

/** What the supervisor itself relies on. */
const FIXED = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  logging_collector: 'off',
  log_destination: 'stderr',
} as const;

const RESERVED = new Set([
  ...Object.keys(FIXED),
  'port',
  'data_directory',
  'hba_file',
  'ident_file',
  'config_file',
  'external_pid_file',
]);

/** One process tree on one machine: a few dozen connections, set-based writes, range reads, an SSD. */
const DEFAULTS: PostgresSettings = {
  max_connections: 50,
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  max_wal_size: '2GB',
  checkpoint_timeout: '10min',
  random_page_cost: 1.1,
  // Figures over years of a big log read a hundred thousand rows: two cores halve the wait, and workers start at once.
  parallel_setup_cost: 100,
  parallel_tuple_cost: 0.01,
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  // DETAIL lines quote the values of failing rows; personal data has no place in a log.
  log_error_verbosity: 'terse',
};

/**
 * For tests: no write waits for the disk, so a power cut loses data. Commits stay synchronous all the same: handing
 * them to the kernel costs next to nothing, and without it kill -9 of the server would lose acknowledged ones.
 */
const NOT_DURABLE: PostgresSettings = { fsync: 'off', full_page_writes: 'off' };

/**
 * The `-c name=value` arguments of the server: defaults, then the caller's, then what the supervisor needs.
 *
 * @throws EmbeddedPostgresError `settings` for a malformed name or one that the supervisor owns
 */
export function settingArguments(own: PostgresSettings, durable: boolean): string[] {
  for (const name of Object.keys(own)) {
    if (!/^[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)?$/i.test(name)) {
      throw new EmbeddedPostgresError('settings', `"${name}" is not the name of a PostgreSQL parameter.`);
    }
    if (RESERVED.has(name.toLowerCase())) {
      throw new EmbeddedPostgresError('settings', `"${name}" is set by the embedded server itself; leave it out.`);
    }
  }
  const all: PostgresSettings = { ...DEFAULTS, ...(durable ? {} : NOT_DURABLE), ...own, ...FIXED };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${String(value)}`]);
}
