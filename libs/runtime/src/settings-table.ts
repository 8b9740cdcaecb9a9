import { parseMasterKey } from '../../event-log/src/key-wrapping.js';
import { assertZone } from '../../kernel/src/calendar/zone.js';

export interface Definition<T> {
  /** Environment variable; the flag and the file's key follow from `flag`. */
  readonly env: string;
  /** `data-dir` for `--data-dir`, `dataDir` in the file. */
  readonly flag: string;
  readonly description: string;
  readonly fallback: T;
  readonly secret?: boolean;
  /** @throws Error that says what the value should be. */
  readonly read: (text: string) => T;
}

const define = <T>(definition: Definition<T>): Definition<T> => definition;

const text = (value: string): string => value;

function whole(low: number, high: number): (value: string) => number {
  return (value) => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (!(number >= low && number <= high)) throw new Error(`must be a whole number from ${low} to ${high}`);
    return number;
  };
}

function matching(pattern: RegExp, what: string): (value: string) => string {
  return (value) => {
    if (!pattern.test(value)) throw new Error(`must be ${what}`);
    return value;
  };
}

/** Only tried here: what it is worth is nobody's who only looks at the settings. */
function masterKey(value: string): string {
  parseMasterKey(value);
  return value;
}

function zone(value: string): string {
  assertZone(value);
  return value;
}

/** Everything that can be set; the documentation, the start-up check and `voronka config` read this table. */
export const SETTINGS = {
  dataDir: define({
    env: 'VORONKA_DATA_DIR',
    flag: 'data-dir',
    description: 'Directory of the embedded stores',
    fallback: '.voronka',
    read: text,
  }),
  host: define({
    env: 'VORONKA_HOST',
    flag: 'host',
    description: 'Address the API listens on',
    fallback: '127.0.0.1',
    read: text,
  }),
  port: define({
    env: 'VORONKA_PORT',
    flag: 'port',
    description: 'Port of the API; 0 for a free one',
    fallback: 8080,
    read: whole(0, 65_535),
  }),
  apiKey: define<string | null>({
    env: 'VORONKA_API_KEY',
    flag: 'api-key',
    description: 'Key of the operator; generated and shown once unless given',
    fallback: null,
    secret: true,
    read: matching(/^[\x21-\x7e]{16,200}$/, '16 to 200 visible characters'),
  }),
  timeZone: define<string | null>({
    env: 'VORONKA_TIME_ZONE',
    flag: 'time-zone',
    description: 'IANA zone of a new company (default Europe/Moscow); must agree with the log afterwards',
    fallback: null,
    read: zone,
  }),
  currency: define<string | null>({
    env: 'VORONKA_CURRENCY',
    flag: 'currency',
    description: 'ISO 4217 currency of a new company (default RUB)',
    fallback: null,
    read: matching(/^[A-Z]{3}$/, 'an ISO 4217 code of three letters, such as RUB'),
  }),
  masterKey: define<string | null>({
    env: 'VORONKA_MASTER_KEY',
    flag: 'master-key',
    description:
      'Key that wraps the keys of personal data: 32 bytes, hexadecimal or base64; kept in the data directory unless given',
    fallback: null,
    secret: true,
    read: masterKey,
  }),
  eventStoreUrl: define<string | null>({
    env: 'EVENTSTORE_URL',
    flag: 'eventstore-url',
    description: 'EventStoreDB to use instead of the embedded node',
    fallback: null,
    secret: true,
    read: matching(
      /^((esdb|esdb\+discover|kurrentdb|kurrentdb\+discover):\/\/|unix:\/)/,
      'a connection string such as esdb://host:2113?tls=false, or unix:/path as `voronka eventstore` prints it',
    ),
  }),
  databaseUrl: define<string | null>({
    env: 'DATABASE_URL',
    flag: 'database-url',
    description: 'PostgreSQL to use instead of the embedded one',
    fallback: null,
    secret: true,
    read: matching(/^postgres(ql)?:\/\//, 'a connection string such as postgres://user:password@host/voronka'),
  }),
  logLevel: define({
    env: 'VORONKA_LOG_LEVEL',
    flag: 'log-level',
    description: 'debug, info, warn, error or silent',
    fallback: 'info',
    read: matching(/^(debug|info|warn|error|silent)$/, 'debug, info, warn, error or silent'),
  }),
  bodyLimitBytes: define({
    env: 'VORONKA_BODY_LIMIT_BYTES',
    flag: 'body-limit-bytes',
    description: 'Largest request body',
    fallback: 1_048_576,
    read: whole(1_024, 16_777_216),
  }),
  rateLimitPerMinute: define({
    env: 'VORONKA_RATE_LIMIT_PER_MINUTE',
    flag: 'rate-limit-per-minute',
    description: 'Requests per key and minute',
    fallback: 60_000,
    read: whole(1, 10_000_000),
  }),
} as const;
