import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { createProjector, dumpSet, type Projector, status } from '@voronka/projections';
import { keepEmbeddedPostgres, type EmbeddedPostgres } from '@voronka/embedded-postgres';
import { ArrayLog } from './support/array-log.js';
import { until } from './support/database.js';
import { parcelHistory, parcelSet } from './support/parcel-set.js';

const LONG = 60_000;

describe('PostgreSQL killed with SIGKILL', () => {
  let directory: string;
  let server: EmbeddedPostgres;
  let pool: pg.Pool;
  let running: Projector[] = [];

  beforeAll(async () => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-killed-'));
    fs.chmodSync(directory, 0o711);
    server = await keepEmbeddedPostgres({ directory, durable: false, settings: { shared_buffers: '32MB' } });
    pool = new pg.Pool({ connectionString: server.url, max: 2 });
    pool.on('error', () => undefined);
  }, LONG);
  afterEach(async () => {
    await Promise.all(running.map((projector) => projector.stop()));
    running = [];
    await pool.query('drop schema if exists projection cascade; drop schema if exists read cascade');
  });
  afterAll(async () => {
    await pool.end();
    await server.stop();
    fs.rmSync(directory, { recursive: true, force: true });
  }, LONG);

  function projector(log: ArrayLog): Projector {
    const made = createProjector({
      database: server.url,
      log,
      sets: [parcelSet],
      tailBatchSize: 5,
      rebuildBatchSize: 25,
      mostStates: 8,
    });
    running.push(made);
    return made;
  }

  const kill = (): void => void process.kill(server.pid, 'SIGKILL');
  const answers = () =>
    until(async () => {
      const seen = await pool.query('select 1').catch(() => null);
      return seen !== null;
    }, 'PostgreSQL again');

  it(
    'in the middle of the tail: nothing is lost or doubled',
    async () => {
      const events = parcelHistory(21, 400);
      const log = new ArrayLog(events.slice(0, 50));
      const made = projector(log);
      await made.start();
      let delivered = 0;
      log.beforeBatch = () => {
        delivered += 1;
        // The write of this batch meets a server that dies.
        if (delivered === 10 || delivered === 30) kill();
      };
      log.add(...events.slice(50));
      await until(() => made.states()[0]?.checkpoint === events.at(-1)?.position, 'the tail at the end of the log');
      expect(delivered).toBeGreaterThan(70);
      const tailed = await dumpSet(pool, parcelSet);
      await made.rebuild('parcels', { mode: 'new' });
      expect(await dumpSet(pool, parcelSet)).toBe(tailed);
    },
    LONG,
  );

  it(
    'in the middle of a rebuild: it is resumed from what is on disk, and ends the same',
    async () => {
      const events = parcelHistory(22, 600);
      const log = new ArrayLog(events);
      await projector(log).rebuild('parcels', { mode: 'new' });
      const expected = await dumpSet(pool, parcelSet);
      let delivered = 0;
      log.beforeBatch = () => {
        delivered += 1;
        if (delivered === 12) kill();
      };
      const made = projector(log);
      await expect(made.rebuild('parcels', { mode: 'new' })).rejects.toThrow();
      await answers();
      const [live, unfinished] = await status(pool);
      expect(live).toMatchObject({ status: 'active', checkpoint: events.at(-1)?.position });
      expect(unfinished).toMatchObject({ status: 'building' });
      expect(unfinished?.checkpoint ?? 0n).toBeLessThan(events[12 * 25]?.position ?? 0n);
      expect(await dumpSet(pool, parcelSet)).toBe(expected);
      await made.rebuild('parcels', { mode: 'resume' });
      expect((await status(pool)).map(({ build }) => build)).toEqual([2]);
      expect(await dumpSet(pool, parcelSet)).toBe(expected);
    },
    LONG,
  );
});
