export { configuredCompany, ensureCompany } from './company.js';
export { employmentOf, type EmploymentKnown } from './employment.js';
export { EXIT, type Failure, failureOf } from './failure.js';
export { keepHeapSmall } from './heap.js';
export { identityDigest } from './identity-digest.js';
export { createLogger, type Logger } from './logger.js';
export { masterKeyOf } from './master-key.js';
export { OPERATOR } from './operator.js';
export {
  type LoadedSettings,
  loadSettings,
  type Origin,
  type SettingName,
  type Settings,
  SettingsError,
} from './settings.js';
export { SETTINGS } from './settings-table.js';
export { things } from './things.js';
export { type Endpoints, openStores, type Stores, systemClock } from './stores.js';
