import {
  createLogger,
  ensureCompany,
  failureOf,
  loadSettings,
  masterKeyOf,
  openStores,
  OPERATOR,
  SettingsError,
  systemClock,
} from '@voronka/runtime';
import { createApi } from './api.js';

/** The API alone, on stores that run elsewhere. */
async function main(): Promise<void> {
  const { settings } = loadSettings({ env: process.env });
  const { eventStoreUrl, databaseUrl, apiKey } = settings;
  if (eventStoreUrl === null || databaseUrl === null) {
    throw new SettingsError(['EVENTSTORE_URL and DATABASE_URL are needed: `voronka start` brings stores of its own']);
  }
  const logger = createLogger(settings.logLevel);
  const endpoints = { eventStore: eventStoreUrl, databaseUrl };
  const stores = await openStores({ endpoints, masterKey: masterKeyOf(settings) });
  await ensureCompany(stores, settings);
  if (apiKey !== null) await stores.appStore.apiKeys.ensure(apiKey, OPERATOR);
  const api = await createApi({ stores, clock: systemClock, settings, logger });
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    api
      .close()
      .then(() => stores.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  logger.info({ url: await api.listen() }, 'the API listens');
}

main().catch((error: unknown) => {
  const { exitCode, line } = failureOf(error);
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
});
