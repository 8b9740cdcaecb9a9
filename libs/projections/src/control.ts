import type { ClientBase } from 'pg';
import type { Recorded } from '@voronka/kernel';
import type { PersonalCells } from './definition.js';
import type { Poison } from './errors.js';
import { personalCells, type SetPlan } from './set-plan.js';

export const CONTROL_SCHEMA = 'projection';
export type BuildStatus = 'active' | 'building' | 'failed' | 'retired';

/** One build of a set: a schema with its tables, and how far it has come. */
export interface Build {
  readonly set: string;
  readonly build: number;
  readonly definitionVersion: number;
  /** Hash of the tables and folds it was made with. */
  readonly shape: string;
  readonly schema: string;
  readonly status: BuildStatus;
  /** Everything in the log up to here is in the tables; null: nothing yet. */
  readonly checkpoint: bigint | null;
  /** The last event of ours at or before the checkpoint; null: none yet. */
  readonly last: LastEvent | null;
  readonly updatedAt: Date;
  readonly error: Poison | null;
  /** Personal cells of its tables by table; null for a build made before they were recorded. */
  readonly personal: Readonly<Record<string, PersonalCells>> | null;
}

export interface LastEvent {
  readonly eventId: string;
  readonly position: bigint;
  readonly recordedAt: string;
  readonly stream: string;
  readonly revision: number;
}

interface BuildRow {
  set_name: string;
  build: number;
  definition_version: number;
  definition_shape: string;
  schema_name: string;
  status: BuildStatus;
  checkpoint: string | null;
  checkpoint_event_id: string | null;
  checkpoint_event_position: string | null;
  checkpoint_stream: string | null;
  checkpoint_revision: number | null;
  checkpoint_recorded_at: Date | null;
  updated_at: Date;
  personal: Record<string, PersonalCells> | null;
  error: { position: string; eventType: string; eventId: string; message: string } | null;
}

const CONTROL_TABLES = `
create schema if not exists projection;
create table if not exists projection.sets (
  set_name text not null,
  build integer not null,
  definition_version integer not null,
  definition_shape text not null,
  schema_name text not null unique,
  status text not null check (status in ('active', 'building', 'failed', 'retired')),
  checkpoint bigint,
  checkpoint_event_id text,
  checkpoint_event_position bigint,
  checkpoint_stream text,
  checkpoint_revision integer,
  checkpoint_recorded_at timestamptz,
  updated_at timestamptz not null default clock_timestamp(),
  error jsonb,
  personal jsonb,
  primary key (set_name, build)
);
alter table projection.sets add column if not exists personal jsonb;
create unique index if not exists sets_one_active on projection.sets (set_name) where status = 'active';
comment on schema projection is 'How far the read models have come';
comment on table projection.sets is 'One row per build of a projection set; readers use the active one';
comment on column projection.sets.checkpoint is 'Log position up to which everything is in the tables';
comment on column projection.sets.checkpoint_recorded_at is 'When the log learned of the last event handled';
comment on column projection.sets.personal is 'Which cells of its tables are personal, and of whom; empty: not recorded';
comment on column projection.sets.error is 'The event at which the build stopped, and why';
create schema if not exists read;
comment on schema read is 'Views of the active read models';`;

/** Creates the control table and schema `read` where they are missing. */
export async function ensureControl(db: ClientBase): Promise<void> {
  const { rowCount } = await db.query(
    `select 1 from pg_attribute where attrelid = to_regclass('projection.sets') and attname = 'personal'
     and to_regclass('projection.sets_one_active') is not null and to_regnamespace('read') is not null`,
  );
  if (rowCount === 1) return;
  await db.query('begin');
  try {
    // Two programs may start on an empty database at once.
    await db.query(`select pg_advisory_xact_lock(hashtextextended('voronka.projection.control', 0))`);
    await db.query(CONTROL_TABLES);
    await db.query('commit');
  } catch (error) {
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** The builds of one set, or of all, oldest first. */
export async function readBuilds(db: Pick<ClientBase, 'query'>, set?: string): Promise<Build[]> {
  const { rows } = await db.query<BuildRow>(
    `select * from projection.sets where $1::text is null or set_name = $1 order by set_name collate "C", build`,
    [set ?? null],
  );
  return rows.map(buildOf);
}

export async function activeBuild(db: Pick<ClientBase, 'query'>, set: string): Promise<Build | null> {
  return (await readBuilds(db, set)).find(({ status }) => status === 'active') ?? null;
}

function buildOf(row: BuildRow): Build {
  return {
    set: row.set_name,
    build: row.build,
    definitionVersion: row.definition_version,
    shape: row.definition_shape,
    schema: row.schema_name,
    status: row.status,
    checkpoint: row.checkpoint === null ? null : BigInt(row.checkpoint),
    last: lastEventOf(row),
    updatedAt: row.updated_at,
    error: row.error === null ? null : { ...row.error, position: BigInt(row.error.position) },
    personal: row.personal,
  };
}

function lastEventOf(row: BuildRow): LastEvent | null {
  const { checkpoint_event_id: eventId, checkpoint_event_position: position, checkpoint_stream: stream } = row;
  if (eventId === null || position === null || stream === null) return null;
  return {
    eventId,
    position: BigInt(position),
    stream,
    revision: row.checkpoint_revision ?? 0,
    recordedAt: (row.checkpoint_recorded_at ?? new Date(0)).toISOString(),
  };
}

/** The row of a build, locked until the transaction ends. */
export async function lockBuild(db: ClientBase, set: string, build: number): Promise<Build | null> {
  const { rows } = await db.query<BuildRow>({
    name: 'lock-build',
    text: 'select * from projection.sets where set_name = $1 and build = $2 for update',
    values: [set, build],
  });
  return rows[0] === undefined ? null : buildOf(rows[0]);
}

/** Where a batch leaves a build. */
export interface Advance {
  readonly position: bigint;
  /** The last event taken in; null when there was none. */
  readonly last: Recorded | null;
}

/** Told by PostgreSQL's NOTIFY, with the name of the set: what readers see of it has moved on. */
export const MOVED_CHANNEL = 'voronka_projection_moved';

/**
 * Moves the checkpoint on, in the transaction that writes the rows; the trouble of before is over. Whoever listens on
 * `MOVED_CHANNEL` hears of it once that is committed.
 */
export async function moveCheckpoint(db: ClientBase, build: Build, { position, last }: Advance): Promise<void> {
  await db.query({
    name: 'move-checkpoint',
    text: `with moved as (update projection.sets set checkpoint = $3, updated_at = clock_timestamp(), error = null,
      checkpoint_event_id = coalesce($4, checkpoint_event_id),
      checkpoint_event_position = coalesce($5, checkpoint_event_position),
      checkpoint_stream = coalesce($6, checkpoint_stream),
      checkpoint_revision = coalesce($7, checkpoint_revision),
      checkpoint_recorded_at = coalesce($8::timestamptz, checkpoint_recorded_at)
      where set_name = $1 and build = $2 returning set_name, status)
      select pg_notify('${MOVED_CHANNEL}', set_name) from moved where status = 'active'`,
    values: [
      build.set,
      build.build,
      position.toString(),
      last?.eventId ?? null,
      last?.position.toString() ?? null,
      last?.stream ?? null,
      last?.revision ?? null,
      last?.recordedAt ?? null,
    ],
  });
}

/** Adds the row of a new build that has handled nothing. */
export async function addBuild(db: ClientBase, plan: SetPlan, build: number): Promise<Build> {
  const schema = `${plan.set.name}_v${build}`;
  const { rows } = await db.query<BuildRow>(
    `insert into projection.sets (set_name, build, definition_version, definition_shape, schema_name, status, personal)
     values ($1, $2, $3, $4, $5, 'building', $6::jsonb) returning *`,
    [plan.set.name, build, plan.set.version, plan.shape, schema, JSON.stringify(personalCells(plan))],
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`The build ${schema} was not recorded`);
  return buildOf(row);
}

export async function setStatus(db: ClientBase, build: Build, status: BuildStatus): Promise<void> {
  await db.query(
    `update projection.sets set status = $3, updated_at = clock_timestamp(),
     error = case when $3 in ('active', 'building') then null else error end where set_name = $1 and build = $2`,
    [build.set, build.build, status],
  );
}

/** Records where a build stopped; `failed` for one under construction, an active one stays readable. */
export async function recordPoison(db: ClientBase, build: Build, poison: Poison): Promise<void> {
  const error = JSON.stringify({ ...poison, position: poison.position.toString() });
  await db.query(
    `update projection.sets set error = $3::jsonb, updated_at = clock_timestamp(),
     status = case when status = 'building' then 'failed' else status end where set_name = $1 and build = $2`,
    [build.set, build.build, error.replaceAll('\\u0000', '')],
  );
}
