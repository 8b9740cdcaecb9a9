export { startEmbeddedPostgres } from './embedded-postgres.js';
export { keepEmbeddedPostgres } from './keep-running.js';
export type { EmbeddedPostgres, EmbeddedPostgresOptions } from './embedded-postgres.js';
export { EmbeddedPostgresError } from './embedded-postgres.error.js';
export type { EmbeddedPostgresErrorCode } from './embedded-postgres.error.js';
export type { ServerExit } from './server-process.js';
export type { PostgresSettings } from './settings.js';
