import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { removeDataDirectory } from './cluster-location.js';
import { startEmbeddedPostgres } from './embedded-postgres.js';
import type { EmbeddedPostgres } from './embedded-postgres.js';
import { findNativeTree, programsOf } from './native-package.js';
import { chooseOsUser } from './os-user.js';
import { reachableBinaries } from './reachable-binaries.js';
import { ensureSystemDirectory } from './system-directory.js';

const root = process.getuid?.() === 0;
const whenRoot = root ? describe : describe.skip;

async function only(server: EmbeddedPostgres, text: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return Object.values(rows[0] ?? {})[0];
  } finally {
    await client.end();
  }
}

whenRoot(`as root${root ? '' : ' (left out: run the tests as root to include it)'}`, () => {
  let base: string;
  let closed: string;
  let systemDirectory: string;
  let lines: string[];
  const log = (line: string): void => void lines.push(line);
  beforeEach(() => {
    lines = [];
    base = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka root '));
    fs.chmodSync(base, 0o755);
    systemDirectory = path.join(base, 'system');
    closed = path.join(base, 'home');
    fs.mkdirSync(closed, { mode: 0o700 });
  });
  afterEach(() => fs.rmSync(base, { recursive: true, force: true }));

  const start = (directory: string): Promise<EmbeddedPostgres> =>
    startEmbeddedPostgres({ directory, durable: false, settings: { shared_buffers: '32MB' }, systemDirectory, log });
  const clusters = (): string[] => fs.readdirSync(path.join(systemDirectory, 'clusters'));

  it('runs the server as another user, in the data directory when that user can enter it', async () => {
    const directory = path.join(base, 'data');
    const server = await start(directory);
    const uid = execFileSync('ps', ['-o', 'uid=', '-p', String(server.pid)], { encoding: 'utf8' });
    expect(Number(uid)).toBe(chooseOsUser()?.uid);
    expect(Number(uid)).not.toBe(0);
    expect(await only(server, 'show data_directory')).toBe(path.join(directory, 'cluster'));
    // From a checkout that this user cannot enter only the programs are copied; from any other nothing is.
    const user = chooseOsUser();
    const program = programsOf(findNativeTree()).postgres;
    const reaches = spawnSync('test', ['-x', program], { uid: user?.uid, gid: user?.gid }).status === 0;
    const elsewhere = fs.existsSync(systemDirectory) ? fs.readdirSync(systemDirectory) : [];
    expect(elsewhere).toEqual(reaches ? [] : [expect.stringMatching(/^postgres-/)]);
    await server.stop();
  });

  it('keeps the cluster of a closed home elsewhere, finds it again, and opens nothing', async () => {
    const directory = path.join(closed, 'data');
    const first = await start(directory);
    await only(first, 'create table kept as select 7 as n');
    expect(await only(first, 'show data_directory')).toMatch(path.join(systemDirectory, 'clusters'));
    expect(lines.join('\n')).toMatch(/cannot enter .*: its cluster lives in /);
    await first.stop();
    expect(fs.statSync(closed).mode & 0o777).toBe(0o700);

    const second = await start(directory);
    expect(await only(second, 'select n from kept')).toBe(7);
    await second.stop();
    expect(clusters()).toHaveLength(1);
    removeDataDirectory(directory);
    expect(clusters()).toEqual([]);
  });

  it('follows a moved data directory, refuses a copied one, starts a new one empty', async () => {
    const [original, moved, copy] = ['data', 'moved', 'copy'].map((name) => path.join(closed, name)) as [
      string,
      string,
      string,
    ];
    const first = await start(original);
    await only(first, 'create table kept as select 7 as n');
    await first.stop();

    fs.renameSync(original, moved);
    const second = await start(moved);
    expect(await only(second, 'select n from kept')).toBe(7);
    await second.stop();

    fs.cpSync(moved, copy, { recursive: true });
    await expect(start(copy)).rejects.toThrow(`looks like a copy of ${moved}`);

    fs.rmSync(moved, { recursive: true });
    const fresh = await start(moved);
    await expect(only(fresh, 'select n from kept')).rejects.toThrow(/does not exist/);
    expect(lines.join('\n')).toContain('delete it if you do not miss it');
    await fresh.stop();
  });

  it('is not led astray by a forged or dangling location', async () => {
    const directory = path.join(closed, 'data');
    fs.mkdirSync(directory);
    for (const home of [base, path.join(systemDirectory, 'clusters', 'gone'), '/etc']) {
      fs.writeFileSync(path.join(directory, 'location.json'), JSON.stringify({ home }));
      await expect(start(directory)).rejects.toMatchObject({ code: 'cluster' });
    }
    fs.writeFileSync(path.join(directory, 'location.json'), '{');
    await expect(start(directory)).rejects.toThrow(/damaged/);
  });

  it('copies binaries out of a closed home once, and again when the copy was damaged', async () => {
    const tree = { root: path.join(closed, 'native'), version: '18.0.0' };
    fs.cpSync(findNativeTree().root, tree.root, { recursive: true, verbatimSymlinks: true });
    const reach = (): Promise<{ root: string }> =>
      reachableBinaries({ tree, user: chooseOsUser(), systemDirectory, log });

    const both = await Promise.all([reach(), reach()]);
    expect(both[0].root).toBe(both[1].root);
    expect(fs.readdirSync(systemDirectory)).toEqual([path.basename(both[0].root)]);
    expect(fs.statSync(both[0].root).mode & 0o777).toBe(0o755);
    lines = [];
    expect((await reach()).root).toBe(both[0].root);
    expect(lines).toEqual([]);

    const { postgres } = programsOf({ ...tree, root: both[0].root });
    fs.truncateSync(postgres, 1000);
    await reach();
    expect(fs.statSync(postgres).size).toBe(fs.statSync(programsOf(tree).postgres).size);
    fs.chmodSync(postgres, 0o777);
    await reach();
    expect(fs.statSync(postgres).mode & 0o777).toBe(0o755);
    expect(lines).toHaveLength(2);
  });

  it('trusts no system directory that others own, may change, or have linked', () => {
    fs.mkdirSync(systemDirectory);
    fs.chownSync(systemDirectory, 65_534, 65_534);
    expect(() => ensureSystemDirectory(systemDirectory)).toThrow(/belongs to user 65534/);
    fs.chownSync(systemDirectory, 0, 0);
    fs.chmodSync(systemDirectory, 0o777);
    expect(() => ensureSystemDirectory(systemDirectory)).toThrow(/can be changed by other users/);
    expect(() => ensureSystemDirectory(path.join(systemDirectory, 'below'))).toThrow(/can be changed by other users/);
    fs.rmSync(systemDirectory, { recursive: true });
    fs.symlinkSync(closed, systemDirectory);
    expect(() => ensureSystemDirectory(systemDirectory)).toThrow(/is a symbolic link/);
  });
});
