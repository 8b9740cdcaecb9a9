import type { ClientBase } from 'pg';
import type { EventBatch } from '@voronka/event-log';
import type { Recorded } from '@voronka/kernel';
import { applyBatch, type BuildWriter, type PreparedBatch } from './apply-batch.js';
import { RowNotOpenError } from './bulk-write.js';
import { erasedBy } from './erasing.js';
import { isDataError, PoisonEventError } from './errors.js';

/**
 * Takes a batch into a build in a transaction of its own; when an event cannot be taken in, everything before it is.
 * @returns the new checkpoint
 * @throws PoisonEventError, CheckpointMovedError, errors of the database
 */
export async function takeBatch(
  writer: BuildWriter,
  batch: EventBatch,
  db: ClientBase,
  expected: bigint | null,
): Promise<bigint | null> {
  const events = batch.events.filter(({ position }) => expected === null || position > expected);
  try {
    await writer.eraseElsewhere(erasedBy(writer.plan, events), db);
    const { position } = await inTransaction(writer, db, () => applyBatch(writer, batch, db, expected));
    return position;
  } catch (error) {
    if (error instanceof PoisonEventError) {
      const before = events.filter(({ position }) => position < error.poison.position);
      if (before.length > 0) await takeBatch(writer, partOf(before), db, expected);
      throw error;
    }
    if (!isDataError(error) && !(error instanceof RowNotOpenError)) throw error;
    const [first] = events;
    if (first === undefined) throw error;
    if (events.length === 1) throw new PoisonEventError(first, error);
    // The database does not say which event it was: halving the batch does.
    const half = Math.ceil(events.length / 2);
    const reached = await takeBatch(writer, partOf(events.slice(0, half)), db, expected);
    return await takeBatch(writer, { ...batch, events: events.slice(half) }, db, reached);
  }
}

function partOf(events: readonly Recorded[]): EventBatch {
  return { events, position: events.at(-1)?.position ?? 0n, caughtUp: false };
}

/** Writes a batch that was prepared ahead, in a transaction of its own. */
export async function writePrepared(writer: BuildWriter, prepared: PreparedBatch, db: ClientBase): Promise<void> {
  await writer.eraseElsewhere(prepared.erased, db);
  await inTransaction(writer, db, () => writer.write(prepared, db));
}

async function inTransaction<T>(writer: BuildWriter, db: ClientBase, work: () => Promise<T>): Promise<T> {
  try {
    await db.query('begin');
    const result = await work();
    await db.query('commit');
    writer.committed();
    return result;
  } catch (error) {
    writer.forget();
    await db.query('rollback').catch(() => undefined);
    throw error;
  }
}
