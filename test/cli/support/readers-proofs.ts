import pg from 'pg';
import { type House, LONG } from './house.js';

interface Row {
  readonly set: string;
  readonly schema: string;
  readonly status: string;
  readonly checkpoint: string;
}

/** Declares the tests of who reads the database beside the running instance, and of how far the tables are. */
export function readersProofs({ voronka }: House): void {
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
        { name: 'reports', mayLogIn: true },
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
