import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import pg from 'pg';
import { removeDataDirectory } from './cluster-location.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import type { EmbeddedPostgresOptions } from './embedded-postgres.js';
import { fillWithCluster } from './test-cluster.js';
import { startTestPostgres } from './test-postgres.js';

/** Runs one statement over a connection of its own. */
async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('an embedded PostgreSQL', () => {
  let base: string;
  let options: EmbeddedPostgresOptions;
  beforeEach(() => {
    base = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka pg ё-'));
    fs.chmodSync(base, 0o711);
    options = { directory: path.join(base, 'data'), durable: false, settings: { shared_buffers: '32MB' } };
  });
  afterEach(() => {
    removeDataDirectory(options.directory);
    fs.rmSync(base, { recursive: true });
  });

  /** A cluster that is there already: what is asked is not how it comes to be. */
  const made = async (): Promise<void> => {
    fs.mkdirSync(options.directory, { mode: 0o711 });
    await fillWithCluster(options.directory);
  };

  it('keeps its rows and its password over a restart', async () => {
    const first = await startEmbeddedPostgres(options);
    await query(first.url, 'create table kept as select 42 as answer');
    await Promise.all([first.stop(), first.stop()]);
    await first.stop();
    expect(await first.exited).toEqual({ code: 0, signal: null });

    const second = await startEmbeddedPostgres(options);
    expect(second.password).toBe(first.password);
    expect(await query(second.url, 'select answer from kept')).toEqual([{ answer: 42 }]);
    await second.stop();
  });

  it('is UTF-8 with the built-in C.UTF-8 locale, and creates the database asked for', async () => {
    const server = await startEmbeddedPostgres({ ...options, database: 'Воронка "2"' });
    const facts = `select current_database() as name, pg_encoding_to_char(encoding) as encoding,
      datlocprovider as provider, datlocale as locale, lower('ЁЛКА') as lowered,
      current_setting('password_encryption') as passwords
      from pg_database where datname = current_database()`;
    expect(await query(server.url, facts)).toEqual([
      {
        name: 'Воронка "2"',
        encoding: 'UTF8',
        provider: 'b',
        locale: 'C.UTF-8',
        lowered: 'ёлка',
        passwords: 'scram-sha-256',
      },
    ]);
    await server.stop();
  });

  it('keeps its password to a file of mode 0600: in no process’s arguments, in no log', async () => {
    const lines: string[] = [];
    const server = await startEmbeddedPostgres({ ...options, log: (line) => lines.push(line) });
    const kept = path.join(options.directory, 'password');
    expect(fs.readFileSync(kept, 'utf8').trim()).toBe(server.password);
    expect(server.password.length).toBeGreaterThanOrEqual(32);
    if (process.platform !== 'win32') {
      expect(fs.statSync(kept).mode & 0o777).toBe(0o600);
      expect(execFileSync('ps', ['-eww', '-o', 'args='], { encoding: 'utf8' })).not.toContain(server.password);
    }
    expect(fs.readFileSync(path.join(options.directory, 'postgres.log'), 'utf8')).not.toContain(server.password);
    expect(lines.join('\n')).not.toContain(server.password);
    await expect(query(server.url.replace(server.password, 'wrong'), 'select 1')).rejects.toThrow(/password/);
    await server.stop();
  });

  it('gets a new password when the file was lost', async () => {
    await made();
    const first = await startEmbeddedPostgres(options);
    await query(first.url, 'create table kept as select 1 as one');
    await first.stop();
    fs.rmSync(path.join(options.directory, 'password'));

    const second = await startEmbeddedPostgres(options);
    expect(second.password).not.toBe(first.password);
    expect(await query(second.url, 'select one from kept')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('takes another port when the wanted one is taken meanwhile', async () => {
    await made();
    const squatter = net.createServer().listen(0, '127.0.0.1');
    await once(squatter, 'listening');
    const address = squatter.address();
    const taken = typeof address === 'object' && address ? address.port : 0;
    const lines: string[] = [];
    const server = await startEmbeddedPostgres({ ...options, port: taken, log: (line) => lines.push(line) });
    expect(server.port).not.toBe(taken);
    expect(lines).toContain(`port ${taken} is taken, trying another`);
    await server.stop();
    squatter.close();
  });

  it('shows the end of the log when the server refuses to start, and gives the directory free', async () => {
    await made();
    const wrong = startEmbeddedPostgres({ ...options, settings: { no_such_setting: 1 } });
    await expect(wrong).rejects.toMatchObject({
      name: 'EmbeddedPostgresError',
      code: 'server',
      message: expect.stringMatching(/Correct `settings`[^]*\| .*unrecognized configuration parameter/),
    });
    const server = await startEmbeddedPostgres(options);
    await server.stop();
  });

  it('starts over a lock file of PostgreSQL whose pid belongs to another process by now', async () => {
    await made();
    const first = await startEmbeddedPostgres(options);
    await first.stop();
    const cluster = path.join(options.directory, 'cluster');
    const stale = [process.pid, cluster, 1_700_000_000, first.port, '', '127.0.0.1', '', 'ready   ', ''].join('\n');
    fs.writeFileSync(path.join(cluster, 'postmaster.pid'), stale);
    const second = await startEmbeddedPostgres(options);
    expect(await query(second.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await second.stop();
  });

  it('refuses a cluster of another major version', async () => {
    await made();
    const server = await startEmbeddedPostgres(options);
    await server.stop();
    fs.writeFileSync(path.join(options.directory, 'cluster', 'PG_VERSION'), '9\n');
    await expect(startEmbeddedPostgres(options)).rejects.toThrow(/made by PostgreSQL 9, and this is PostgreSQL 18/);
  });

  it('refuses a directory that it holds already, and says who does', async () => {
    await made();
    const server = await startEmbeddedPostgres(options);
    await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({
      code: 'held',
      message: expect.stringContaining(`pid ${process.pid}`),
    });
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
  });
});

describe('servers for tests', () => {
  it('run side by side and leave nothing behind', async () => {
    const [one, two] = await Promise.all([startTestPostgres(), startTestPostgres()]);
    const [{ data_directory: place } = { data_directory: '' }] = (await query(one.url, 'show data_directory')) as {
      data_directory: string;
    }[];
    await query(one.url, 'create table only_here ()');
    await expect(query(two.url, 'table only_here')).rejects.toThrow(/does not exist/);
    expect(fs.existsSync(place)).toBe(true);
    await Promise.all([one.stop(), two.stop(), one.stop()]);
    expect(fs.existsSync(place)).toBe(false);
  });
});
