import type pg from 'pg';
import type { Recorded } from '@voronka/kernel';
import {
  createProjector,
  dumpSet,
  type Lookup,
  type Message,
  type Projector,
  type ProjectionSet,
  type ProjectorOptions,
  status,
  waitFor,
  withSnapshot,
} from '@voronka/projections';
import { ArrayLog } from './support/array-log.js';
import { startDatabases, type TestDatabases, until } from './support/database.js';
import { entered, entries, entriesFrom, ledgerSet } from './support/ledger-set.js';
import { parcelHistory, parcelSet } from './support/parcel-set.js';

describe('projector', () => {
  let databases: TestDatabases;
  let url: string;
  let pool: pg.Pool;
  let running: Projector[] = [];
  let messages: Message[] = [];

  beforeAll(async () => {
    databases = await startDatabases();
  });
  afterAll(() => databases.stop());
  beforeEach(async () => {
    url = await databases.fresh();
    pool = databases.pool(url);
    messages = [];
  });
  afterEach(async () => {
    await Promise.all(running.map((projector) => projector.stop()));
    running = [];
  });

  function projector(log: ArrayLog, options: Partial<ProjectorOptions> = {}): Projector {
    const onMessage = (message: Message): void => void messages.push(message);
    const made = createProjector({ database: url, log, sets: [ledgerSet], onMessage, standbyPollMs: 50, ...options });
    running.push(made);
    return made;
  }

  const count = async (): Promise<number> => {
    const { rows } = await pool.query<{ n: number }>('select count(*)::int as n from read.entries');
    return rows[0]?.n ?? -1;
  };

  const reached = (made: Projector, position: bigint, set = 0) =>
    until(() => made.states()[set]?.checkpoint === position, `checkpoint ${position}`);

  it('builds what is there, then follows', async () => {
    const log = new ArrayLog(entriesFrom(0, 5));
    const made = projector(log);
    await made.start();
    expect(await count()).toBe(5);
    log.add(...entriesFrom(5, 8));
    expect(await waitFor(pool, 'ledger', 707n, 5_000)).toBe(true);
    expect(await count()).toBe(8);
    expect(made.states()[0]).toMatchObject({ status: 'running', checkpoint: 707n, caughtUp: true, events: 3 });
    expect(await made.status()).toMatchObject([{ set: 'ledger', status: 'active', checkpoint: 707n, behind: 0n }]);
  });

  it('goes on where it stopped', async () => {
    const log = new ArrayLog(entriesFrom(0, 5));
    const first = projector(log);
    await first.start();
    await first.stop();
    log.add(...entriesFrom(5, 8));
    const second = projector(log);
    await second.start();
    await reached(second, 707n);
    expect(await count()).toBe(8);
    expect(second.states()[0]?.build).toBe(1);
  });

  it('stops one set at a poison event, says where, and lets the others go on', async () => {
    const log = new ArrayLog([...entriesFrom(0, 5)]);
    const made = projector(log, { sets: [ledgerSet, { ...parcelSet, name: 'others' }] });
    await made.start();
    log.add(...entriesFrom(5, 7), entered(7, { fail: 'cannot read this' }), ...entriesFrom(8, 10));
    await until(() => made.states()[0]?.status === 'failed', 'the set stops');
    await reached(made, 907n, 1);
    const poison = { position: 707n, eventType: 'Entered', message: 'cannot read this' };
    expect(made.states()[0]?.error).toMatchObject(poison);
    expect((await status(pool)).find(({ set }) => set === 'ledger')).toMatchObject({
      status: 'active',
      checkpoint: 607n,
      error: { ...poison, eventId: log.events[7]?.eventId },
    });
    expect(await count()).toBe(7);
    expect(messages.filter(({ level }) => level === 'error')).toMatchObject([{ set: 'ledger' }]);
  });

  it('goes on with a set that had stopped once a rebuild has replaced it', async () => {
    const log = new ArrayLog([...entriesFrom(0, 3)]);
    const made = projector(log);
    await made.start();
    log.add(entered(3, { fail: 'cannot read this' }));
    await until(() => made.states()[0]?.status === 'failed', 'the set stops');
    log.events.pop();
    log.add(...entriesFrom(4, 6));
    await projector(log).rebuild('ledger', { mode: 'new' });
    await until(() => made.states()[0]?.status === 'running', 'the set goes on');
    expect(made.states()[0]).toMatchObject({ build: 2, checkpoint: 507n, error: null });
  });

  it('keeps the old build live when a rebuild meets a poison event', async () => {
    const log = new ArrayLog(entriesFrom(0, 5));
    await projector(log).rebuild('ledger', { mode: 'new' });
    const events = [...log.events];
    log.events[3] = entered(3, { fail: 'no longer' });
    await expect(projector(log).rebuild('ledger', { mode: 'new' })).rejects.toMatchObject({ name: 'PoisonEventError' });
    expect(await status(pool)).toMatchObject([
      { build: 1, status: 'active', error: null },
      { build: 2, status: 'failed', checkpoint: 207n, error: { position: 307n, message: 'no longer' } },
    ]);
    expect(await count()).toBe(5);
    await expect(projector(log).rebuild('ledger', { mode: 'new' })).rejects.toThrow(/resume it or start over/);
    log.events.splice(0, 5, ...events);
    await projector(log).rebuild('ledger', { mode: 'resume' });
    expect(await status(pool)).toMatchObject([{ build: 2, status: 'active', error: null }]);
    await expect(projector(log).rebuild('ledger', { mode: 'resume' })).rejects.toThrow(/left unfinished/);
  });

  it('finds the event that brings a key a second time, long after the first', async () => {
    const log = new ArrayLog([...entriesFrom(0, 300), entered(300, { insert: [{ id: 'e7', amount: 1 }] })]);
    log.add(...entriesFrom(301, 400));
    const rebuilding = projector(log, { rebuildBatchSize: 50 }).rebuild('ledger', { mode: 'new' });
    await expect(rebuilding).rejects.toMatchObject({ poison: { position: 30_007n } });
    expect(await status(pool)).toMatchObject([{ status: 'failed', checkpoint: 29_907n }]);
  });

  it('stands by while another program writes, and takes over when that is gone', async () => {
    const log = new ArrayLog(entriesFrom(0, 3));
    const first = projector(log);
    const second = projector(log);
    await first.start();
    await second.start();
    expect([first, second].map((made) => made.states()[0]?.status)).toEqual(['running', 'standby']);
    await first.stop();
    log.add(...entriesFrom(3, 6));
    await reached(second, 507n);
    expect(second.states()[0]?.status).toBe('running');
    expect(await count()).toBe(6);
  });

  it('comes back after its connections were cut, with nothing lost or doubled', async () => {
    const log = new ArrayLog(parcelHistory(5, 400));
    const rest = log.events.splice(100);
    const made = projector(log, { sets: [parcelSet], tailBatchSize: 7 });
    await made.start();
    for (let from = 0; from < rest.length; from += 30) {
      log.add(...rest.slice(from, from + 30));
      await pool.query(`select pg_terminate_backend(pid) from pg_stat_activity
        where application_name like 'voronka projection%' and datname = current_database()`);
    }
    await reached(made, log.events.at(-1)?.position ?? 0n);
    const tailed = await dumpSet(pool, parcelSet);
    await made.rebuild('parcels', { mode: 'new' });
    expect(await dumpSet(pool, parcelSet)).toBe(tailed);
    expect(messages.some(({ level }) => level === 'warn')).toBe(true);
  });

  it('refuses a log that ends before the checkpoint', async () => {
    await projector(new ArrayLog(entriesFrom(0, 5))).rebuild('ledger', { mode: 'new' });
    const made = projector(new ArrayLog(entriesFrom(0, 3)));
    await made.start();
    expect(made.states()[0]).toMatchObject({
      status: 'failed',
      error: { message: expect.stringMatching(/checkpoint 407 of ledger_v1 is beyond the end: the log ends at 207/) },
    });
    const empty = projector(new ArrayLog());
    await empty.start();
    expect(empty.states()[0]?.error?.message).toMatch(/the log is empty/);
  });

  it('refuses a log that holds another event at the checkpoint', async () => {
    await projector(new ArrayLog(entriesFrom(0, 5))).rebuild('ledger', { mode: 'new' });
    const log = new ArrayLog(entriesFrom(0, 9));
    log.events[4] = { ...entered(4, {}), eventId: '00000000-0000-4000-8000-ffffffffffff' };
    const made = projector(log);
    await made.start();
    expect(made.states()[0]?.error?.message).toMatch(/does not hold event 00000000-0000-4000-8000-000000000004/);
    expect((await status(pool))[0]?.checkpoint).toBe(407n);
  });

  it('rebuilds for a new version and swaps; a program with the old one stops', async () => {
    const log = new ArrayLog(entriesFrom(0, 5));
    const old = projector(log);
    await old.start();
    await old.stop();
    const made = projector(log, { sets: [second] });
    await made.start();
    expect(made.states()[0]).toMatchObject({ status: 'running', build: 2 });
    expect(messages.map(({ text }) => text).join('\n')).toMatch(/from version 1 to 2/);
    const { rows } = await pool.query('select doubled from read.entries order by doubled desc limit 1');
    expect(rows).toEqual([{ doubled: 8 }]);
    expect((await pool.query(`select to_regnamespace('ledger_v1') as gone`)).rows).toEqual([{ gone: null }]);
    await made.stop();
    const late = projector(log);
    await late.start();
    expect(late.states()[0]?.error?.message).toMatch(/made by version 2 of "ledger", newer than ours \(1\)/);
  });

  it('swaps under readers and under the tail: nobody sees less than before', async () => {
    const log = new ArrayLog(entriesFrom(0, 200));
    const made = projector(log, { rebuildBatchSize: 20 });
    await made.start();
    let done = false;
    let last = { k: 0n, rows: 0 };
    const looks: string[] = [];
    const reader = (async () => {
      while (!done) {
        const look = await withSnapshot(pool, 'ledger', async ({ client, k }) => {
          const { rows } = await client.query<{ n: number }>('select count(*)::int as n from entries');
          return { k: k ?? -1n, rows: rows[0]?.n ?? -1 };
        });
        if (look.rows !== Number((look.k - 7n) / 100n) + 1) looks.push(`torn: ${look.rows} rows at ${look.k}`);
        if (look.k < last.k) looks.push(`back from ${last.k} to ${look.k}`);
        last = look;
      }
    })();
    const feeder = (async () => {
      for (let at = 200; at < 320; at += 1) {
        log.add(...entriesFrom(at, at + 1));
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    for (let round = 0; round < 3; round += 1) await projector(log).rebuild('ledger', { mode: 'new' });
    await feeder;
    log.add(...entriesFrom(320, 321));
    await reached(made, 32_007n);
    done = true;
    await reader;
    expect(looks).toEqual([]);
    expect(made.states()[0]).toMatchObject({ status: 'running', build: 4 });
    expect(await count()).toBe(321);
  });

  it('leaves a retired build to a reader that began before the swap', async () => {
    const log = new ArrayLog(entriesFrom(0, 10));
    await projector(log).rebuild('ledger', { mode: 'new' });
    log.add(...entriesFrom(10, 20));
    await withSnapshot(pool, 'ledger', async ({ client, k }) => {
      const rebuilding = projector(log).rebuild('ledger', { mode: 'new' });
      await until(
        async () => (await status(pool)).some(({ build, status: now }) => build === 2 && now === 'active'),
        'swap',
      );
      const { rows } = await client.query('select count(*)::int as n from entries');
      expect({ k, rows }).toEqual({ k: 907n, rows: [{ n: 10 }] });
      await client.query('commit');
      await rebuilding;
    });
    expect(await status(pool)).toMatchObject([{ build: 2, checkpoint: 1907n }]);
  });

  it('keeps views that others built upon its own, as long as the columns fit', async () => {
    const log = new ArrayLog(entriesFrom(0, 3));
    const hooks: string[] = [];
    const onSwap: ProjectorOptions['onSwap'] = async (tx, name) => {
      hooks.push(name);
      await tx.query('create or replace view public.big as select entry_id from read.entries where amount > 1');
    };
    await projector(log, { onSwap }).rebuild('ledger', { mode: 'new' });
    await pool.query('create view public.mine as select count(*)::int as n from read.entries');
    await projector(log, { onSwap }).rebuild('ledger', { mode: 'new' });
    expect((await pool.query('select n from public.mine')).rows).toEqual([{ n: 3 }]);
    await projector(log, { onSwap, sets: [narrower] }).rebuild('ledger', { mode: 'new' });
    expect((await pool.query('select * from public.big')).rows).toEqual([{ entry_id: 'e2' }]);
    expect((await pool.query(`select to_regclass('public.mine') as gone`)).rows).toEqual([{ gone: null }]);
    expect(hooks).toEqual(['ledger', 'ledger', 'ledger']);
  });

  it('refuses a second rebuild at the same time', async () => {
    const log = new ArrayLog(entriesFrom(0, 3));
    let second: Promise<unknown> = Promise.resolve();
    log.beforeBatch = async () => {
      log.beforeBatch = () => undefined;
      second = projector(log)
        .rebuild('ledger', { mode: 'startOver' })
        .catch((error: Error) => error.message);
      await second;
    };
    await projector(log).rebuild('ledger', { mode: 'new' });
    expect(await second).toMatch(/is running already/);
  });

  it('tells progress while it rebuilds', async () => {
    const log = new ArrayLog(entriesFrom(0, 100));
    const seen: number[] = [];
    await projector(log, { rebuildBatchSize: 25 }).rebuild('ledger', {
      mode: 'new',
      onProgress: ({ events, position, end, etaSeconds }) => {
        seen.push(events);
        expect(position).toBe(BigInt(events - 1) * 100n + 7n);
        expect({ end, etaSeconds }).toEqual({ end: 9907n, etaSeconds: expect.any(Number) });
      },
    });
    expect(seen).toEqual([25, 50, 75, 100]);
  });

  it('says in time that a position was not reached', async () => {
    expect(await waitFor(pool, 'ledger', 1n, 20)).toBe(false);
    await projector(new ArrayLog(entriesFrom(0, 3))).rebuild('ledger', { mode: 'new' });
    expect(await waitFor(pool, 'ledger', 207n, 20)).toBe(true);
    expect(await waitFor(pool, 'ledger', 208n, 20)).toBe(false);
    await expect(withSnapshot(pool, 'unknown', async () => 1)).rejects.toThrow(/"unknown" are not built yet/);
  });
});

const [ledger] = ledgerSet.projections;
if (ledger?.kind !== 'rows') throw new Error('the ledger is made of rows');

/** The same set a version later, with one column more in front. */
const second: ProjectionSet = {
  name: 'ledger',
  version: 2,
  projections: [
    {
      ...ledger,
      tables: [{ ...entries, columns: { doubled: { type: 'integer', comment: 'Twice' }, ...entries.columns } }],
      on: {
        Entered: (event: Recorded, look: Lookup) =>
          (ledger.on['Entered']?.(event, look) ?? []).map((change) =>
            change.op === 'insert'
              ? { ...change, row: { ...change.row, doubled: 2 * Number(change.row['amount']) } }
              : change,
          ),
      },
    },
  ],
};

const { known_to: _, ...fewer } = entries.columns;
const narrower: ProjectionSet = {
  name: 'ledger',
  version: 3,
  projections: [{ ...ledger, tables: [{ ...entries, columns: fewer }] }],
};
