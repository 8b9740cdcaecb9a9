import { createLogger, failureOf, loadSettings, masterKeyOf, openStores, SettingsError } from '@voronka/runtime';
import { createPayWorker } from './pay-worker.js';
import { createProcessProgram } from './process-program.js';
import { createProjectorProgram } from './projector-program.js';

// Follows the log and keeps the read models, beside any number of API processes. A second one stands by.

async function main(): Promise<void> {
  const { settings } = loadSettings({ env: process.env });
  const { eventStoreUrl, databaseUrl } = settings;
  if (eventStoreUrl === null || databaseUrl === null) {
    throw new SettingsError(['the projector runs on stores of their own: EVENTSTORE_URL and DATABASE_URL name them']);
  }
  const logger = createLogger(settings.logLevel);
  const stores = await openStores({
    endpoints: { eventStore: eventStoreUrl, databaseUrl },
    masterKey: masterKeyOf(settings),
  });
  const projector = createProjectorProgram(stores, logger);
  const processes = createProcessProgram(stores, logger);
  const payWorker = createPayWorker(stores, logger);
  await projector.start();
  processes.start();
  payWorker.start();
  logger.info({ sets: projector.states().map(({ set, status }) => ({ set, status })) }, 'projector runs');
  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'projector stops');
    payWorker
      .stop()
      .then(() => processes.stop())
      .then(() => projector.stop())
      .then(() => stores.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const { exitCode, line } = failureOf(error);
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
});
