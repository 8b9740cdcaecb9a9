export { ImportMapping } from './mapping.classes.js';
export { loadMapping, MappingError, parseMapping } from './mapping.js';
export type { Quarantined } from './plan-history.js';
export { type ImportOptions, type ImportProgress, type ImportSummary, runImport } from './run-import.js';
