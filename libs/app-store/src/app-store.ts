import 'reflect-metadata';
import { DataSource } from 'typeorm';
import { ApiKeys } from './api-keys.js';
import { ApiKeyRow, InstallationRow, ProcessCheckpointRow, QuarantineRow, SubjectKeyRow } from './entities.js';
import { assertMasterKey } from './master-key-check.js';
import { AddProcessCheckpoints1764000000001, CreateAppSchema1764000000000 } from './migrations.js';
import { PostgresSubjectKeys } from './subject-keys.js';
import { type AppRows, exportRows, importRows } from './transfer.js';

/** Any constant: the number of the lock under which one program at a time migrates. */
const MIGRATION_LOCK = 7_166_001;

const LONGEST_CONNECTING_MS = 5_000;

export interface QuarantinedRecord {
  readonly ref: string;
  readonly reason: string;
  readonly detail: string;
}

/** Everything that is kept in schema `app`. */
export interface AppStore {
  readonly apiKeys: ApiKeys;
  readonly subjectKeys: PostgresSubjectKeys;
  /** Adds to the quarantine of a mapping; what stands there already stays once. */
  quarantine(mappingId: string, records: readonly QuarantinedRecord[]): Promise<void>;
  /** What stands in quarantine: mapping and place in its source, in order. */
  quarantined(): Promise<readonly string[]>;
  remember(name: string, value: string): Promise<void>;
  recall(name: string): Promise<string | null>;
  /** How far process managers have come. They may only go forward. */
  readonly checkpoints: {
    load(process: string): Promise<bigint | null>;
    save(process: string, position: bigint): Promise<void>;
  };
  /** Everything, for a backup. */
  exportRows(): Promise<AppRows>;
  /** Into an empty schema, all or nothing. */
  importRows(rows: AppRows): Promise<void>;
  close(): Promise<void>;
}

/** How schema `app` is reached: its entities, and the migrations that make its tables what they say. */
export function appDataSource(databaseUrl: string): DataSource {
  return new DataSource({
    type: 'postgres',
    url: databaseUrl,
    schema: 'app',
    entities: [ApiKeyRow, SubjectKeyRow, QuarantineRow, InstallationRow, ProcessCheckpointRow],
    migrations: [CreateAppSchema1764000000000, AddProcessCheckpoints1764000000001],
    migrationsTableName: 'migrations',
    applicationName: 'voronka app',
    poolSize: 5,
    extra: { connectionTimeoutMillis: LONGEST_CONNECTING_MS },
    poolErrorHandler: () => undefined,
  });
}

/**
 * Opens schema `app` and brings it up to date; safe when several programs start at once.
 * @param masterKey 32 bytes that wrap every data key
 * @throws MasterKeyError for another one than the first
 */
export async function openAppStore(options: {
  readonly databaseUrl: string;
  readonly masterKey: Uint8Array;
}): Promise<AppStore> {
  const source = appDataSource(options.databaseUrl);
  await source.initialize();
  try {
    await migrate(source);
    await assertMasterKey(source, options.masterKey);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  const installation = source.getRepository(InstallationRow);
  const checkpoints = source.getRepository(ProcessCheckpointRow);
  return {
    apiKeys: new ApiKeys(source.getRepository(ApiKeyRow)),
    subjectKeys: new PostgresSubjectKeys(source.getRepository(SubjectKeyRow), options.masterKey),
    quarantine: async (mappingId, records) => {
      if (records.length === 0) return;
      const rows = records.map(({ ref, reason, detail }) => ({
        ref,
        reason,
        detail,
        mappingId,
        recordedAt: new Date(),
      }));
      await source.createQueryBuilder().insert().into(QuarantineRow).values(rows).orIgnore().execute();
    },
    quarantined: async () => {
      const rows = await source.getRepository(QuarantineRow).find({ order: { mappingId: 'ASC', ref: 'ASC' } });
      return rows.map(({ mappingId, ref }) => `${mappingId} ${ref}`);
    },
    remember: async (name, value) => {
      await installation.upsert({ name, value }, ['name']);
    },
    recall: async (name) => (await installation.findOneBy({ name }))?.value ?? null,
    checkpoints: {
      load: async (process) => {
        const row = await checkpoints.findOneBy({ process });
        return row === null ? null : BigInt(row.position);
      },
      save: async (process, position) => {
        await checkpoints.upsert({ process, position: String(position), movedAt: new Date() }, ['process']);
      },
    },
    exportRows: () => exportRows(source),
    importRows: (rows) => importRows(source, rows),
    close: () => source.destroy(),
  };
}

async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await runner.query('create schema if not exists app');
    await source.runMigrations();
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.release();
  }
}
