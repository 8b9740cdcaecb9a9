import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Fields that must never be written, wherever they turn up. */
const SECRETS = [
  'authorization',
  '*.authorization',
  'headers.authorization',
  'req.headers.authorization',
  '*.password',
  '*.secret',
  '*.apiKey',
  '*.masterKey',
  '*.databaseUrl',
  '*.eventStoreUrl',
];

/** One JSON object a line, on standard error unless told: standard output is for data. */
export function createLogger(level: string, destination: { write(line: string): void } = process.stderr): Logger {
  return pino(
    { level, redact: { paths: SECRETS, censor: '[hidden]' }, base: null, timestamp: pino.stdTimeFunctions.isoTime },
    destination,
  );
}
