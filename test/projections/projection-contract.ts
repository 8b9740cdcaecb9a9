import type pg from 'pg';
import type { EventBatch } from '@voronka/event-log';
import type { Recorded } from '@voronka/kernel';
import {
  applyBatch,
  type Build,
  BuildWriter,
  CheckpointMovedError,
  createProjector,
  dumpSet,
  planSet,
  type ProjectionSet,
  status,
} from '@voronka/projections';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases, until } from './support/database.js';
import { randomFrom } from './support/random.js';

/** Histories of the ordinary run. */
const SEEDS = [1, 2];

/**
 * What every set owes its readers: the same events give the same tables, whatever the way they came: in batches of
 * any size, with crashes in between, delivered twice, through a rebuild that died and was resumed.
 * `makeEvents` gives a history of a few hundred events, the same for the same seed, in the order of positions.
 */
export function projectionContract(
  name: string,
  set: ProjectionSet,
  makeEvents: (seed: number) => readonly Recorded[],
  seeds: readonly number[] = SEEDS,
): void {
  describe(`projection contract: ${name}`, () => {
    const plan = planSet(set);
    let databases: TestDatabases;
    beforeAll(async () => {
      databases = await startDatabases();
    });
    afterAll(() => databases.stop());

    /** A projector that built the set over an empty log, so that everything afterwards goes through batches. */
    async function emptyBuild() {
      const url = await databases.fresh();
      const pool = databases.pool(url);
      const projector = createProjector({ database: url, log: new ArrayLog(), sets: [set] });
      await projector.rebuild(set.name, { mode: 'new' });
      return { url, pool, build: await activeBuildOf(pool, set) };
    }

    /** The reference: event by event, every state read back from its table. */
    async function expectedDump(events: readonly Recorded[]): Promise<string> {
      const { pool, build } = await emptyBuild();
      await inOneConnection(pool, async (client) => {
        let checkpoint: bigint | null = null;
        for (const event of events) {
          const writer = new BuildWriter(plan, { ...build, checkpoint });
          const batch = { events: [event], position: event.position, caughtUp: false };
          checkpoint = await committed(client, writer, batch, checkpoint);
        }
      });
      return dumpSet(pool, set);
    }

    describe.each(seeds)('history %i', (seed) => {
      const events = makeEvents(seed);
      const random = randomFrom(seed);
      let expected: string;
      beforeAll(async () => {
        expected = await expectedDump(events);
      });

      it('holds something to compare', () => {
        expect(expected.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length).toBeGreaterThan(20);
      });

      it('is the same in batches of any size, with few states kept in memory', async () => {
        const { pool, build } = await emptyBuild();
        await inOneConnection(pool, async (client) => {
          const writer = new BuildWriter(plan, build, { mostStates: 8 });
          let checkpoint: bigint | null = null;
          for (const batch of randomBatches(events, random)) {
            checkpoint = await committed(client, writer, batch, checkpoint);
          }
        });
        expect(await dumpSet(pool, set)).toBe(expected);
      });

      it('is the same with crashes between rows and commit, and batches delivered again', async () => {
        const { pool, build } = await emptyBuild();
        await inOneConnection(pool, async (client) => {
          const writer = new BuildWriter(plan, build);
          let checkpoint: bigint | null = null;
          let before: EventBatch | null = null;
          for (const batch of randomBatches(events, random)) {
            if (random() < 0.4) await crashed(client, writer, batch, checkpoint);
            if (before !== null && random() < 0.3) {
              checkpoint = await committed(client, writer, before, checkpoint);
            }
            const overlap: Recorded[] = before === null ? [] : before.events.slice(-2);
            const overlapping = { ...batch, events: [...overlap, ...batch.events] };
            checkpoint = await committed(client, writer, overlapping, checkpoint);
            before = batch;
          }
        });
        expect(await dumpSet(pool, set)).toBe(expected);
      });

      it('refuses a batch for another checkpoint than the stored one', async () => {
        const { pool, build } = await emptyBuild();
        await inOneConnection(pool, async (client) => {
          const [first, second] = [events.slice(0, 5), events.slice(5, 10)].map(batchOf);
          if (first === undefined || second === undefined) throw new Error('the history is too short');
          await committed(client, new BuildWriter(plan, build), first, null);
          const late = committed(client, new BuildWriter(plan, build), second, null);
          await expect(late).rejects.toThrow(CheckpointMovedError);
        });
        expect((await activeBuildOf(pool, set)).checkpoint).toBe(events[4]?.position);
      });

      it('is the same followed by the tail, event batches cut small, and rebuilt afterwards', async () => {
        const url = await databases.fresh();
        const pool = databases.pool(url);
        const half = Math.floor(events.length / 2);
        const log = new ArrayLog(events.slice(0, half));
        const size = 1 + Math.floor(random() * 20);
        const projector = createProjector({ database: url, log, sets: [set], tailBatchSize: size });
        await projector.start();
        log.add(...events.slice(half));
        const end = events.at(-1)?.position;
        await until(() => projector.states()[0]?.checkpoint === end, 'the tail at the end of the log');
        const tailed = await dumpSet(pool, set);
        await projector.rebuild(set.name, { mode: 'new' });
        const rebuilt = await dumpSet(pool, set);
        await projector.stop();
        expect(tailed).toBe(expected);
        expect(rebuilt).toBe(expected);
      });

      it('is the same through a rebuild that died twice and was resumed', async () => {
        const url = await databases.fresh();
        const pool = databases.pool(url);
        const log = new ArrayLog(events);
        const size = 1 + Math.floor(events.length / 12);
        const projector = createProjector({ database: url, log, sets: [set], rebuildBatchSize: size, mostStates: 8 });
        let left = 4;
        log.beforeBatch = () => {
          left -= 1;
          if (left === 0) throw new Error('the rebuild dies here');
        };
        await expect(projector.rebuild(set.name, { mode: 'new' })).rejects.toThrow('dies here');
        left = 3;
        await expect(projector.rebuild(set.name, { mode: 'resume' })).rejects.toThrow('dies here');
        const [unfinished] = await status(pool);
        expect(unfinished).toMatchObject({ status: 'building', checkpoint: expect.any(BigInt) });
        log.beforeBatch = () => undefined;
        await projector.rebuild(set.name, { mode: 'resume' });
        expect(await dumpSet(pool, set)).toBe(expected);
      });

      it('is the same when a dead rebuild is started over', async () => {
        const url = await databases.fresh();
        const pool = databases.pool(url);
        const log = new ArrayLog(events);
        const projector = createProjector({ database: url, log, sets: [set], rebuildBatchSize: 50 });
        let left = 3;
        log.beforeBatch = () => {
          left -= 1;
          if (left === 0) throw new Error('the rebuild dies here');
        };
        await expect(projector.rebuild(set.name, { mode: 'new' })).rejects.toThrow('dies here');
        log.beforeBatch = () => undefined;
        await projector.rebuild(set.name, { mode: 'startOver' });
        expect(await dumpSet(pool, set)).toBe(expected);
      });
    });
  });
}

async function activeBuildOf(pool: pg.Pool, set: ProjectionSet): Promise<Build> {
  const build = (await status(pool)).find((known) => known.set === set.name && known.status === 'active');
  if (build === undefined) throw new Error(`${set.name} has no active build`);
  return build;
}

async function inOneConnection(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    await work(client);
  } finally {
    client.release(true);
  }
}

/** @returns the new checkpoint */
async function committed(db: pg.PoolClient, writer: BuildWriter, batch: EventBatch, checkpoint: bigint | null) {
  await db.query('begin');
  try {
    const { position } = await applyBatch(writer, batch, db, checkpoint);
    await db.query('commit');
    writer.committed();
    return position;
  } catch (error) {
    writer.forget();
    await db.query('rollback');
    throw error;
  }
}

/** Everything is written, and then the transaction is lost. */
async function crashed(db: pg.PoolClient, writer: BuildWriter, batch: EventBatch, checkpoint: bigint | null) {
  await db.query('begin');
  await applyBatch(writer, batch, db, checkpoint);
  await db.query('rollback');
  writer.forget();
}

function batchOf(events: readonly Recorded[]): EventBatch {
  return { events, position: events.at(-1)?.position ?? 0n, caughtUp: false };
}

/** Mostly small batches, now and then one that is large enough to be copied. */
function* randomBatches(events: readonly Recorded[], random: () => number): Generator<EventBatch> {
  let from = 0;
  while (from < events.length) {
    const size = random() < 0.1 ? 150 : 1 + Math.floor(random() * 15);
    yield batchOf(events.slice(from, from + size));
    from += size;
  }
}
