import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { type House, LONG } from './house.js';

interface Row {
  readonly set: string;
  readonly schema: string;
  readonly status: string;
  readonly checkpoint: string;
}

/** Declares the tests of who reads the database beside the running instance, and of how far the tables are. */
export function readersProofs({ voronka, data }: House): void {
  describe('voronka readers', () => {
    let client: pg.Client;

    afterAll(async () => {
      await client.end().catch(() => undefined);
    });

    it(
      'gives a BI tool the read tables and current pay, and nothing else',
      async () => {
        const address = (await voronka.answer(['readers', 'add', 'reports'])).trim();
        expect(new URL(address).username).toBe('reports');
        client = new pg.Client(address);
        client.on('error', () => undefined);
        await client.connect();
        const count = async (table: string): Promise<number> =>
          (await client.query<{ n: number }>(`select count(*)::int as n from ${table}`)).rows[0]?.n ?? -1;
        expect(await count('deals')).toBe(40);
        expect(await count('pay_live.lines')).toBeGreaterThanOrEqual(0);
        for (const [table, why] of [
          ['app.api_keys', /permission denied/],
          ['pay_live.bonuses', /permission denied/],
          ['projection.sets', /permission denied|does not exist/],
        ] as const) {
          await expect(count(table)).rejects.toThrow(why);
        }
        await expect(client.query('set transaction_read_only = off; delete from read.deals')).rejects.toThrow();
        await expect(client.query('create table read.mine (n int)')).rejects.toThrow();
      },
      LONG,
    );

    it('lists them, refuses what is none, and takes one away with its connections', async () => {
      expect(JSON.parse(await voronka.answer(['readers', 'list', '--json']))).toEqual([
        { name: 'reports', mayLogIn: true, isOurs: true },
      ]);
      expect(await voronka.ask(['readers', 'add', 'Reports'])).toMatchObject({ code: 2 });
      expect(await voronka.ask(['readers', 'add', 'postgres'])).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('name another role'),
      });
      expect((await voronka.ask(['readers', 'add', 'reports'])).stderr).toContain('was there before');
      await voronka.answer(['readers', 'revoke', 'reports']);
      await expect(client.query('select 1')).rejects.toThrow();
      expect(await voronka.ask(['readers', 'revoke', 'reports'])).toMatchObject({ code: 1 });
    });
  });

  describe('a role that somebody else made', () => {
    it(
      'gets the rights and loses them again, and stays',
      async () => {
        const { databaseUrl } = JSON.parse(readFileSync(path.join(data, 'instance.json'), 'utf8')) as {
          databaseUrl: string;
        };
        const owner = new pg.Client(databaseUrl);
        await owner.connect();
        try {
          await owner.query('create role auditors nologin');
          const mayRead = async (): Promise<unknown> =>
            (await owner.query(`select has_table_privilege('auditors', 'read.deals', 'select') as may`)).rows[0].may;
          expect(await voronka.answer(['readers', 'add', 'auditors'])).toBe('');
          expect(JSON.parse(await voronka.answer(['readers', 'list', '--json']))).toEqual([
            { name: 'auditors', mayLogIn: false, isOurs: false },
          ]);
          expect(await mayRead()).toBe(true);
          await voronka.answer(['readers', 'revoke', 'auditors']);
          expect(await mayRead()).toBe(false);
          expect(JSON.parse(await voronka.answer(['readers', 'list', '--json']))).toEqual([]);
          // Nothing depends on it any more: it can be dropped by whoever made it.
          await owner.query('drop role auditors');
        } finally {
          await owner.end();
        }
      },
      LONG,
    );
  });

  describe('voronka projections status', () => {
    it('has the pay worker as a row of its own, which comes to the checkpoint of core', async () => {
      const rows = async (): Promise<readonly (Row | undefined)[]> => {
        const all = JSON.parse(await voronka.answer(['projections', 'status', '--json'])) as Row[];
        return ['core', 'pay worker'].map((name) =>
          all.find(({ set, status }) => set === name && ['active', 'current', 'behind'].includes(status)),
        );
      };
      let [core, worker] = await rows();
      const deadline = Date.now() + 30_000;
      while (worker?.checkpoint !== core?.checkpoint && Date.now() < deadline) [core, worker] = await rows();
      expect(worker).toMatchObject({ schema: 'pay_live', status: 'current', checkpoint: core?.checkpoint });
    }, 60_000);
  });
}
