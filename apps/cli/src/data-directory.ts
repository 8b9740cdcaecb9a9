import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Settings, systemClock } from '@voronka/runtime';
import type { Clock } from '@voronka/kernel';
import { CliError, EXIT } from './cli-error.js';
import { clockBeside } from './demo/demo-clock.js';

type Places = Pick<Settings, 'dataDir' | 'eventStoreUrl' | 'databaseUrl'>;

/**
 * For commands that ask about a company or change one: a mistyped directory would be founded, and asked.
 * @throws CliError where stores would have to be made first
 */
export function assertHoldsData({ dataDir, eventStoreUrl, databaseUrl }: Places): void {
  const own = [...(eventStoreUrl === null ? ['eventstore'] : []), ...(databaseUrl === null ? ['postgres'] : [])];
  if (own.length === 0 || own.some((store) => existsSync(path.join(dataDir, store)))) return;
  throw new CliError(
    EXIT.usage,
    `${dataDir} holds no data of Voronka: name the right directory by --data-dir or VORONKA_DATA_DIR, ` +
      'or begin one with `voronka start`, `init`, `import`, `restore` or `demo`',
  );
}

/** Where a demonstration lies in the directory, its company's time; else the machine's. For whoever runs no store. */
export function clockOf(settings: Places): Clock {
  return (keepsOwnTime(settings) ? clockBeside(settings.dataDir) : null) ?? systemClock;
}

/** Whether a clock that the directory may hold is that of the company: of stores elsewhere it knows nothing. */
export function keepsOwnTime({ eventStoreUrl, databaseUrl }: Places): boolean {
  return eventStoreUrl === null && databaseUrl === null;
}
