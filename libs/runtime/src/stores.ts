import { type AppStore, openAppStore } from '@voronka/app-store';
import {
  type CommandHandler,
  type CommandSupposer,
  createCommandHandler,
  createCommandSupposer,
  type EventLog,
  MasterKeyError,
  openEventLog,
  requestHashKey,
} from '@voronka/event-log';
import type { Clock } from '@voronka/kernel';
import type pg from 'pg';
import { keepHeapSmall } from './heap.js';
import { things } from './things.js';
import { identityDigest } from './identity-digest.js';
import { openReadPool } from './read-pool.js';
import { SettingsError } from './settings.js';

/** Where the two stores are. */
export interface Endpoints {
  /** `unix:/…` or `host:port` of the embedded node, or a connection string with a scheme. */
  readonly eventStore: string;
  readonly databaseUrl: string;
}

/** What every program works with. */
export interface Stores {
  readonly log: EventLog;
  readonly pool: pg.Pool;
  readonly databaseUrl: string;
  readonly appStore: AppStore;
  readonly handle: CommandHandler;
  /** By which commands are decided: the machine’s, or that of a company that keeps its own time. */
  readonly clock: Clock;
  /** Keyed hash by which the read models find equal tax numbers, phones and e-mails without keeping them. */
  readonly identityDigest: (text: string) => string;
  /** Decides a command and appends nothing. */
  readonly suppose: CommandSupposer;
  close(): Promise<void>;
}

/** Reads the machine's clock. */
export const systemClock: Clock = { now: () => new Date().toISOString() };

/**
 * Opens both stores and brings schema `app` up to date.
 * @throws when PostgreSQL cannot be reached, SettingsError for another master key than the first
 */
export async function openStores(options: {
  readonly endpoints: Endpoints;
  readonly masterKey: Uint8Array;
  readonly clock?: Clock;
  readonly onRefused?: (code: string, type: string) => void;
  readonly isSoleWriter?: () => boolean;
}): Promise<Stores> {
  keepHeapSmall();
  const { eventStore, databaseUrl } = options.endpoints;
  const appStore = await openAppStore({ databaseUrl, masterKey: options.masterKey }).catch((error: unknown) => {
    throw error instanceof MasterKeyError ? new SettingsError([error.message]) : error;
  });
  const isEndpoint = eventStore.startsWith('unix:') || !eventStore.includes('://');
  const connection = isEndpoint ? { endpoint: eventStore } : { connectionString: eventStore };
  const log = openEventLog({ connection, things, keys: appStore.subjectKeys });
  const pool = openReadPool(databaseUrl);
  const { clock = systemClock } = options;
  const deciding = {
    log,
    things,
    clock,
    requestHashKey: requestHashKey(options.masterKey),
  };
  const handle = createCommandHandler({
    ...deciding,
    keys: appStore.subjectKeys,
    ...(options.onRefused === undefined ? {} : { onRefused: options.onRefused }),
    ...(options.isSoleWriter === undefined ? {} : { isSoleWriter: options.isSoleWriter }),
  });
  return {
    log,
    pool,
    databaseUrl,
    appStore,
    handle,
    clock,
    identityDigest: identityDigest(options.masterKey),
    suppose: createCommandSupposer(deciding),
    close: () => closeAll([() => log.close(), () => pool.end(), () => appStore.close()]),
  };
}

/** Closes one after another, each even if another fails. @throws the first error */
async function closeAll(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => errors.push(error));
  if (errors.length > 0) throw errors[0];
}
