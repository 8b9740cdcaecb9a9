import { setTimeout as sleep } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { createTables, dropSchemas } from './build-schema.js';
import { addBuild, type Build, lockBuild, readBuilds, setStatus } from './control.js';
import { RebuildRefusedError } from './errors.js';
import type { SetPlan } from './set-plan.js';

/** `new`: refuse when an unfinished rebuild is there; `resume`: go on with it; `startOver`: throw it away. */
export type RebuildMode = 'new' | 'resume' | 'startOver';

/** The build that a rebuild did not finish, if there is one. */
export function unfinishedOf(builds: readonly Build[]): Build | null {
  return builds.find(({ status }) => status === 'building' || status === 'failed') ?? null;
}

/** Whether a build was made by this very definition. */
export function isOfPlan(build: Build, plan: SetPlan): boolean {
  return build.definitionVersion === plan.set.version && build.shape === plan.shape;
}

/**
 * The build to work on, under the lock of rebuilds.
 * @throws RebuildRefusedError saying which mode would do
 */
export async function openBuild(
  db: ClientBase,
  plan: SetPlan,
  { mode, keysFirst }: { readonly mode: RebuildMode; readonly keysFirst: boolean },
): Promise<Build> {
  const name = plan.set.name;
  const unfinished = unfinishedOf(await readBuilds(db, name));
  if (mode === 'resume') {
    if (unfinished === null) throw new RebuildRefusedError(`No rebuild of "${name}" was left unfinished`);
    if (!isOfPlan(unfinished, plan)) {
      throw new RebuildRefusedError(
        `The unfinished ${unfinished.schema} was made by another definition of "${name}": start over instead`,
      );
    }
    await setStatus(db, unfinished, 'building');
    return { ...unfinished, status: 'building', error: null };
  }
  if (unfinished !== null && mode === 'new') {
    throw new RebuildRefusedError(
      `A rebuild of "${name}" was left unfinished (${unfinished.schema}, at position ${unfinished.checkpoint}): ` +
        'resume it or start over',
    );
  }
  return await inOwnTransaction(db, async () => {
    if (unfinished !== null) await removeBuild(db, unfinished);
    const builds = await readBuilds(db, name);
    const build = await addBuild(db, plan, Math.max(0, ...builds.map((known) => known.build)) + 1);
    await dropSchemas(db, build.schema);
    await createTables(db, plan, { schema: build.schema, keysFirst });
    return build;
  });
}

async function removeBuild(db: ClientBase, build: Build): Promise<void> {
  await dropSchemas(db, build.schema);
  await db.query('delete from projection.sets where set_name = $1 and build = $2', [build.set, build.build]);
}

const DROP_PATIENCE_MS = 10_000;
const DROP_POLL_MS = 100;

/**
 * Removes retired builds of a set. One that a reader with an old snapshot may still look at is left for later.
 * @returns the schemas removed
 */
export async function dropRetired(db: ClientBase, set: string, patienceMs = DROP_PATIENCE_MS): Promise<string[]> {
  const removed: string[] = [];
  const { rows } = await db.query<{ now: string }>('select clock_timestamp()::text as now');
  const now = rows[0]?.now ?? 'infinity';
  const deadline = performance.now() + patienceMs;
  for (const build of await readBuilds(db, set)) {
    if (build.status !== 'retired') continue;
    while (await isInSight(db, now)) {
      if (performance.now() >= deadline) return removed;
      await sleep(DROP_POLL_MS);
    }
    await inOwnTransaction(db, async () => {
      await lockBuild(db, set, build.build);
      await removeBuild(db, build);
    });
    removed.push(build.schema);
  }
  return removed;
}

/** Whether a transaction is under way that began before that moment, and so may still see a build retired by then. */
async function isInSight(db: ClientBase, moment: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
     and backend_type = 'client backend' and xact_start <= $1::timestamptz limit 1`,
    [moment],
  );
  return rowCount !== 0;
}

async function inOwnTransaction<T>(db: ClientBase, work: () => Promise<T>): Promise<T> {
  await db.query('begin');
  try {
    const result = await work();
    await db.query('commit');
    return result;
  } catch (error) {
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
}
