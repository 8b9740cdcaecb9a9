import type { EmbeddedPostgres } from '@voronka/embedded-postgres';
import type pg from 'pg';
import { startTestPostgres } from '../../embedded/postgres/src/test-postgres.js';
import { openReadPool } from './read-pool.js';

describe('the pool of the read models', () => {
  let postgres: EmbeddedPostgres;
  let pool: pg.Pool;

  beforeAll(async () => {
    postgres = await startTestPostgres();
    pool = openReadPool(postgres.url);
  }, 60_000);

  afterAll(async () => {
    await pool.end();
    await postgres.stop();
  });

  it('outlives the end of a connection that is in use, between two queries', async () => {
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const ended = new Promise((resolve) => client.once('end', resolve));
    await pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await ended;
    // Whoever holds it learns of it by his next query, and the others by nothing.
    await expect(client.query('select 1')).rejects.toThrow(/not queryable|terminat/);
    client.release();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('outlives the end of an idle connection', async () => {
    const [one, other] = [await pool.connect(), await pool.connect()];
    const { rows } = await one.query<{ pid: number }>('select pg_backend_pid() as pid');
    const removed = new Promise((resolve) => pool.once('remove', resolve));
    one.release();
    await other.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await removed;
    other.release();
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });
});
