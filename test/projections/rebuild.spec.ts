import type { Recorded } from '@voronka/kernel';
import {
  createProjector,
  dumpSet,
  grantReaders,
  type Projector,
  type ProjectorOptions,
  status,
} from '@voronka/projections';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases, until } from './support/database.js';
import { entered, entriesFrom, ledgerSet } from './support/ledger-set.js';
import { parcelEvent, parcelHistory, parcelSet } from './support/parcel-set.js';

describe('rebuild', () => {
  let databases: TestDatabases;
  let running: Projector[] = [];

  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());
  afterEach(async () => {
    await Promise.all(running.map((projector) => projector.stop()));
    running = [];
  });

  async function rig() {
    const url = await databases.fresh();
    const projector = (log: ArrayLog, options: Partial<ProjectorOptions> = {}): Projector => {
      const made = createProjector({ database: url, log, sets: [parcelSet], standbyPollMs: 50, ...options });
      running.push(made);
      return made;
    };
    return { pool: databases.pool(url), projector };
  }

  const note = (data: object) => (event: Recorded) => parcelEvent(event.revision, 'NoteTaken', 'notes-1', data);

  const unfit = note({ text: 'x', tags: 'none', extra: null, dueOn: null });
  const unstorable = note({ text: 'x', tags: [], extra: null, dueOn: '2024-02-31' });

  // What follows the event may come at any moment while the parts before it are being saved.
  it.each([
    ['the projection cannot take in', 0, unfit],
    ['the projection cannot take in', 6, unfit],
    ['the database cannot take in', 0, unstorable],
    ['the database cannot take in', 15, unstorable],
    ['the database cannot take in', 40, unstorable],
  ])('keeps exactly what came before an event that %s, the next after %i ms', async (_, delayMs, spoil) => {
    const { pool, projector } = await rig();
    const events = parcelHistory(11, 600);
    const at = 333;
    const [good] = [events[at]];
    if (good === undefined) throw new Error('the history is too short');
    const options = { rebuildBatchSize: 40, mostStates: 4 };

    const log = new ArrayLog(events);
    log.events[at] = spoil(good);
    log.beforeBatch = async ({ position }) => {
      if (position > good.position) await new Promise((resolve) => setTimeout(resolve, delayMs));
    };
    await expect(projector(log, options).rebuild('parcels', { mode: 'new' })).rejects.toMatchObject({
      poison: { position: good.position },
    });
    const [failed] = await status(pool);
    expect(failed).toMatchObject({ status: 'failed', checkpoint: events[at - 1]?.position });

    const before = await rig();
    await before.projector(new ArrayLog(events.slice(0, at))).rebuild('parcels', { mode: 'new' });
    expect(await dumpSet(pool, parcelSet, failed?.schema)).toBe(await dumpSet(before.pool, parcelSet));

    log.events[at] = good;
    await projector(log, options).rebuild('parcels', { mode: 'resume' });
    const whole = await rig();
    await whole.projector(new ArrayLog(events)).rebuild('parcels', { mode: 'new' });
    expect(await dumpSet(pool, parcelSet)).toBe(await dumpSet(whole.pool, parcelSet));
  });

  it.each([0, 15, 30, 50, 70])(
    'folds nothing later while parts are being saved (next batch after %i ms)',
    async (delayMs) => {
      const { projector } = await rig();
      const [first, bad] = [320, 359];
      const handled: number[] = [];
      const watched = parcelSet.projections.map((projection) =>
        projection.kind === 'fold' && projection.name === 'stays'
          ? { ...projection, key: (event: Recorded) => (handled.push(event.revision), projection.key(event)) }
          : projection,
      );
      const log = new ArrayLog(parcelHistory(11, 600));
      const [spoilt] = log.events.slice(bad);
      if (spoilt === undefined) throw new Error('the history is too short');
      log.events[bad] = unstorable(spoilt);
      log.beforeBatch = async ({ position }) => {
        if (position > spoilt.position) await new Promise((resolve) => setTimeout(resolve, delayMs));
      };
      const made = projector(log, {
        sets: [{ ...parcelSet, projections: watched }],
        rebuildBatchSize: bad + 1 - first,
      });
      await expect(made.rebuild('parcels', { mode: 'new' })).rejects.toMatchObject({
        poison: { position: spoilt.position },
      });
      // Ahead of a write that may yet succeed, the next batch is prepared once; the parts come after that, alone.
      const ahead = handled.findIndex((revision) => revision > bad);
      const repaired = handled.slice(handled.findLastIndex((revision) => revision > bad) + 1);
      const before = handled.slice(0, ahead);
      const firstSeen = before.find((revision) => revision >= first) ?? -1;
      expect(before.filter((revision) => revision === firstSeen)).toHaveLength(2);
      expect(repaired.filter((revision) => revision === firstSeen).length).toBeGreaterThanOrEqual(2);
    },
  );

  it('hands over to the new build although the tail had nothing to do until the old one was gone', async () => {
    const { pool, projector } = await rig();
    const events = parcelHistory(12, 300);
    const log = new ArrayLog(events.slice(0, 200));
    const tail = projector(log, { mostStates: 4 });
    await tail.start();
    await projector(log).rebuild('parcels', { mode: 'new' });
    expect((await pool.query(`select to_regnamespace('parcels_v1') as gone`)).rows).toEqual([{ gone: null }]);
    log.add(...events.slice(200));
    await until(() => tail.states()[0]?.checkpoint === events.at(-1)?.position, 'the tail at the end of the log');
    expect(tail.states()[0]).toMatchObject({ status: 'running', build: 2, error: null });
    const tailed = await dumpSet(pool, parcelSet);
    await projector(log).rebuild('parcels', { mode: 'new' });
    expect(await dumpSet(pool, parcelSet)).toBe(tailed);
  });

  it('blames the event that brings a key a second time, not a later one that closes a row', async () => {
    const { pool, projector } = await rig();
    const log = new ArrayLog([
      ...entriesFrom(0, 60),
      entered(60, { insert: [{ id: 'e7', amount: 1 }] }),
      ...entriesFrom(61, 120),
      entered(120, { close: ['e10'] }),
      ...entriesFrom(121, 140),
    ]);
    const made = projector(log, { sets: [ledgerSet], rebuildBatchSize: 25 });
    await expect(made.rebuild('ledger', { mode: 'new' })).rejects.toMatchObject({ poison: { position: 6007n } });
    expect(await status(pool)).toMatchObject([{ status: 'failed', checkpoint: 5907n, error: { position: 6007n } }]);
  });

  it('refuses two sets that would share a view', async () => {
    const { projector } = await rig();
    expect(() => projector(new ArrayLog(), { sets: [ledgerSet, { ...ledgerSet, name: 'other' }] })).toThrow(
      /sets ledger and other both have a table entries/,
    );
  });

  it('lets a reading role see the views, those after a swap included, and nothing else', async () => {
    const { pool, projector } = await rig();
    const log = new ArrayLog(parcelHistory(13, 50));
    await projector(log).rebuild('parcels', { mode: 'new' });
    await pool.query('create role parcel_reader nologin');
    await grantReaders(pool, 'parcel_reader');
    await projector(log).rebuild('parcels', { mode: 'new' });
    const client = await pool.connect();
    await client.query('set role parcel_reader');
    const { rows } = await client.query<{ n: number }>('select count(*)::int as n from read.stays');
    expect(rows[0]?.n).toBeGreaterThan(0);
    await expect(client.query('select * from parcels_v2.stays')).rejects.toThrow(/permission denied/);
    await expect(client.query('delete from read.stays')).rejects.toThrow(/permission denied/);
    await expect(client.query('select * from projection.sets')).rejects.toThrow(/permission denied/);
    client.release(true);
  });
});
