export { type ApiKey, ApiKeys, type ListedApiKey, type NewApiKey } from './api-keys.js';
export { type AppStore, openAppStore, type QuarantinedRecord } from './app-store.js';
export { masterKeyCheckOf } from './master-key-check.js';
export { PostgresSubjectKeys } from './subject-keys.js';
export type { AppRows } from './transfer.js';
