import { spawn, execFileSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFile } from '@swc/core';
import pg from 'pg';
import { keepEmbeddedPostgres, startEmbeddedPostgres } from '@voronka/embedded-postgres';
import type { EmbeddedPostgresOptions } from '@voronka/embedded-postgres';

/** The room and what it shares with the other embedded store, laid out as they lie. */
const ROOMS = ['postgres/src', 'shared/src'];
/** A killed process loses nothing that the kernel has, so no disk need be waited for. */
const COMMON = { durable: false, settings: { shared_buffers: '32MB' } };

/** What the child process reports once its server runs. */
interface Report {
  readonly pid: number;
  readonly watchdogPid: number;
  readonly url: string;
}

/** A process that holds an embedded server until its own end. */
const HOLDER = `
import { startEmbeddedPostgres } from './room/postgres/src/index.js';
const server = await startEmbeddedPostgres({ ...${JSON.stringify(COMMON)}, directory: process.argv[2] });
console.log(JSON.stringify({ pid: server.pid, watchdogPid: server.watchdogPid, url: server.url }));
setInterval(() => {}, 1000);
`;

/** Builds the room as a program for plain Node, outside the test runner, in a path with a space. */
async function buildHolder(into: string): Promise<string> {
  for (const room of ROOMS) {
    const from = path.resolve('libs/embedded', room);
    fs.mkdirSync(path.join(into, 'room', room), { recursive: true });
    for (const name of fs.readdirSync(from).filter((file) => !file.endsWith('.spec.ts'))) {
      const { code } = await transformFile(path.join(from, name), {
        swcrc: false,
        configFile: false,
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        module: { type: 'es6' },
      });
      fs.writeFileSync(path.join(into, 'room', room, name.replace(/\.ts$/, '.js')), code);
    }
  }
  fs.writeFileSync(path.join(into, 'package.json'), '{"type":"module"}');
  fs.symlinkSync(path.resolve('node_modules'), path.join(into, 'node_modules'));
  const program = path.join(into, 'holder.js');
  fs.writeFileSync(program, HOLDER);
  return program;
}

async function kill(child: ChildProcess): Promise<void> {
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
}

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  // Where nobody reaps them, the dead remain as zombies.
  return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
}

async function gone(pid: number, withinMs: number): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (!lives(pid)) return true;
    await sleep(50);
  }
  return !lives(pid);
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end().catch(() => undefined);
  }
}

const posix = process.platform === 'win32' ? describe.skip : describe;

posix('an embedded PostgreSQL under kill -9', () => {
  let base: string;
  let program: string;
  let options: EmbeddedPostgresOptions;
  const children: ChildProcess[] = [];

  beforeAll(async () => {
    base = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka crash '));
    fs.chmodSync(base, 0o711);
    program = await buildHolder(path.join(base, 'built room'));
  });
  afterAll(() => fs.rmSync(base, { recursive: true, force: true }));
  beforeEach(() => {
    const directory = fs.mkdtempSync(path.join(base, 'data '));
    fs.chmodSync(directory, 0o711);
    options = { ...COMMON, directory };
  });
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  function launch(): ChildProcess {
    const child = spawn(process.execPath, [program, options.directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    return child;
  }

  async function hold(): Promise<{ child: ChildProcess; report: Report }> {
    const child = launch();
    if (!child.stdout) throw new Error('the holder has no output');
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { child, report: JSON.parse(line) as Report };
  }

  /** Starts here what another process left behind, and tells the rows of `kept`. */
  async function startAgain(): Promise<{ rows: unknown[]; lines: string[] }> {
    const lines: string[] = [];
    const server = await startEmbeddedPostgres({ ...options, log: (line) => lines.push(line) });
    try {
      return { rows: await query(server.url, 'select * from kept'), lines };
    } finally {
      await server.stop();
    }
  }

  it('of its parent leaves no orphan and loses nothing', async () => {
    const { child, report } = await hold();
    await query(report.url, 'create table kept as select 7 as n');
    await kill(child);
    expect(await gone(report.pid, 5_000)).toBe(true);
    expect(await gone(report.watchdogPid, 5_000)).toBe(true);
    expect((await startAgain()).rows).toEqual([{ n: 7 }]);
  });

  it('of parent and watchdog leaves an orphan, which the next start stops and follows', async () => {
    const { child, report } = await hold();
    await query(report.url, 'create table kept as select 7 as n');
    // The watchdog first, or it would do its work; it is replaced only after a second.
    process.kill(report.watchdogPid, 'SIGKILL');
    await kill(child);
    await sleep(500);
    expect(lives(report.pid)).toBe(true);

    const { rows, lines } = await startAgain();
    expect(rows).toEqual([{ n: 7 }]);
    expect(lines.join('\n')).toContain(`an earlier PostgreSQL (pid ${report.pid}) still runs`);
    expect(lives(report.pid)).toBe(false);
  });

  it('of the watchdog alone brings another one, which does the work', async () => {
    const server = await startEmbeddedPostgres(options);
    const first = server.watchdogPid ?? 0;
    process.kill(first, 'SIGKILL');
    for (let waited = 0; server.watchdogPid === first && waited < 5_000; waited += 50) await sleep(50);
    expect(server.watchdogPid).not.toBe(first);
    expect(lives(server.watchdogPid ?? 0)).toBe(true);
    await server.stop();
    expect(await gone(server.watchdogPid ?? 0, 2_000)).toBe(true);
  });

  it('of the server itself is told, and the same process can start it again under the same port', async () => {
    const first = await startEmbeddedPostgres(options);
    await query(first.url, 'create table kept as select 7 as n');
    process.kill(first.pid, 'SIGKILL');
    expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });

    const second = await startEmbeddedPostgres({ ...options, port: first.port });
    expect(second.url).toBe(first.url);
    expect(await query(second.url, 'select n from kept')).toEqual([{ n: 7 }]);
    await first.stop();
    await second.stop();
  });

  it('of a server that is to be kept running brings it back under the same address, until it is stopped', async () => {
    const server = await keepEmbeddedPostgres(options);
    await query(server.url, 'create table kept as select 7 as n');
    for (let round = 0; round < 2; round += 1) {
      const killed = server.pid;
      process.kill(killed, 'SIGKILL');
      for (let waited = 0; server.pid === killed && waited < 10_000; waited += 25) await sleep(25);
      expect(await query(server.url, 'select n from kept')).toEqual([{ n: 7 }]);
    }
    await server.stop();
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(lives(server.pid)).toBe(false);
  });

  it('of the server in the midst of a long query does not block the next start', async () => {
    const first = await startEmbeddedPostgres(options);
    await query(first.url, 'create table kept as select 7 as n');
    const busy = query(first.url, 'select count(*) from (select generate_series(1, 1e12::bigint)) as endless').catch(
      () => 'broken off',
    );
    await sleep(300);
    process.kill(first.pid, 'SIGKILL');
    await first.exited;
    const { rows, lines } = await startAgain();
    expect(rows).toEqual([{ n: 7 }]);
    if (process.platform === 'linux') expect(lines.join('\n')).toContain('left behind by a killed PostgreSQL');
    expect(await busy).toBe('broken off');
  });

  it('of everything while the cluster is being made leaves no half cluster', async () => {
    const child = launch();
    const staging = (): string | undefined =>
      fs.readdirSync(options.directory).find((name) => name.startsWith('.initdb-'));
    while (staging() === undefined) await sleep(5);
    await sleep(100);
    await kill(child);
    expect(fs.existsSync(path.join(options.directory, 'cluster'))).toBe(false);

    const server = await startEmbeddedPostgres(options);
    expect(await query(server.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(staging()).toBeUndefined();
  });

  it('or not, refuses its directory to others while its holder lives', async () => {
    const { child, report } = await hold();
    await expect(startEmbeddedPostgres(options)).rejects.toMatchObject({
      code: 'held',
      message: expect.stringContaining(`the running process ${child.pid}`),
    });
    expect(await query(report.url, 'select 1 as one')).toEqual([{ one: 1 }]);
    await kill(child);
    expect(await gone(report.pid, 5_000)).toBe(true);
  });
});
