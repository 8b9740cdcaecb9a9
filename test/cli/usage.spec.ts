import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROLES } from '@voronka/kernel';
import { SETTINGS } from '@voronka/runtime';
import { COMMAND, CommandLine, ensureBuilt, newDirectory, removeDirectory } from './support/voronka.js';

// What the command line says and refuses before any store is touched.

let directory: string;
let voronka: CommandLine;

beforeAll(() => {
  ensureBuilt();
  directory = newDirectory();
  voronka = new CommandLine(directory);
}, 60_000);

afterAll(async () => {
  await voronka.close();
  removeDirectory(directory);
});

/** Packages from npm that a run of the command line has loaded; its own files under `.`. */
function packagesLoaded(args: readonly string[]): readonly string[] {
  const coverage = path.join(directory, 'loaded');
  spawnSync(process.execPath, [COMMAND, ...args], {
    stdio: 'ignore',
    env: { ...process.env, NODE_V8_COVERAGE: coverage },
  });
  const [report] = readdirSync(coverage);
  const { result } = JSON.parse(readFileSync(path.join(coverage, report ?? ''), 'utf8')) as {
    result: { url: string }[];
  };
  const names = result
    .filter(({ url }) => url.startsWith('file:'))
    .map(({ url }) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? '.');
  return [...new Set(names)].sort();
}

describe('help', () => {
  it('lists every command, with examples first', async () => {
    const { code, stdout, stderr } = await voronka.run(['--help']);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^Examples:/);
    const listed = [...stdout.matchAll(/^ {2}([a-z-]+)(?: .*)? {2}[A-Z]/gm)].map(([, name]) => name);
    expect(listed).toEqual(
      expect.arrayContaining([
        ...['start', 'demo', 'eventstore', 'import', 'projections', 'events', 'funnel', 'activity', 'conversion'],
        ...['win-rate', 'keys', 'backup', 'restore', 'config'],
      ]),
    );
  });

  it('comes at once: nothing is loaded for it but what reads the command line', () => {
    expect(packagesLoaded(['--help'])).toEqual(['.', 'commander']);
  });

  it('offers every setting as a flag', async () => {
    const help = await voronka.output(['start', '--help']);
    for (const { flag } of Object.values(SETTINGS)) expect(help).toContain(`--${flag} `);
  });

  it('bug: nobody was told which roles a key may have', async () => {
    const help = await voronka.output(['keys', 'add', '--help']);
    for (const role of ROLES) expect(help).toContain(role);
  });

  it('is shown for the lack of a command, and that is wrong usage', async () => {
    const { code, stdout, stderr } = await voronka.run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Usage: voronka');
  });
});

describe('wrong usage ends with 2 and says what was meant', () => {
  it.each([
    [['funel'], /unknown command 'funel'[^]*Did you mean funnel/],
    [['start', '--prot', '1'], /unknown option '--prot'[^]*Did you mean --port/],
    [['funnel', '--reach', 'all'], /Allowed choices are touch, implied/],
    [['import', 'file.csv'], /required option '--mapping <file>'/],
    [['import', '--mapping', 'no.yaml', 'file.csv'], /no\.yaml.*name a file that can be read/],
    [['projections', 'rebuild', 'nothing'], /the sets are core, audit/],
    [['projections', 'rebuild', '--resume', '--start-over'], /cannot be used with/],
    [['events', 'export', '--resume'], /--out/],
    [['events', 'export', '--from', 'x'], /--from must be a position/],
    [['conversion', '--from-step', 'a'], /required option '--to-step <code>'/],
    [['demo', '--deals', '0'], /--deals must be a whole number from 1/],
    [['eventstore', '--tcp-port', 'x'], /--tcp-port must be a whole number/],
    [['restore', 'nowhere'], /nowhere is no whole backup/],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await voronka.ask(args);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^ +at /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});

describe('configuration', () => {
  it.each([
    [['start', '--port', 'x'], {}, /--port is "x": must be a whole number/],
    [['start'], { VORONKA_PORT: '70000' }, /VORONKA_PORT is "70000"/],
    [['start'], { VORONKA_TIME_ZONE: 'Mars' }, /VORONKA_TIME_ZONE is "Mars"/],
    [['funnel'], { VORONKA_DATADIR: 'x' }, /VORONKA_DATADIR is not a setting; did you mean VORONKA_DATA_DIR/],
    [['keys', 'list', '--database-url', 'mysql://x'], {}, /--database-url: must be/],
    [['config', '--config', 'missing.yaml'], {}, /missing\.yaml cannot be read/],
    [['demo', '--eventstore-url', 'esdb://host:1'], {}, /unset EVENTSTORE_URL and DATABASE_URL/],
    [['backup', 'x', '--eventstore-url', 'esdb://host:1'], {}, /backed up by its own means/],
  ])('that is wrong ends %j with 2 and names the setting', async (args, env, message) => {
    const { code, stdout, stderr } = await voronka.ask(args, env as Record<string, string>);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('shows where a setting comes from, and no secret', async () => {
    writeFileSync(path.join(directory, 'settings.yaml'), 'host: 0.0.0.0\nport: 1\n');
    const given = ['config', '--json', '--config', 'settings.yaml', '--data-dir', 'here'];
    const text = await voronka.answer(given, { VORONKA_PORT: '81', VORONKA_API_KEY: 'hush-hush-hush-hush' });
    const rows = JSON.parse(text) as { variable: string; value: unknown; origin: string }[];
    const shown = new Map(rows.map(({ variable, value, origin }) => [variable, [value, origin]]));
    expect(shown.get('VORONKA_HOST')).toEqual(['0.0.0.0', 'file']);
    expect(shown.get('VORONKA_PORT')).toEqual([81, 'environment']);
    expect(shown.get('VORONKA_DATA_DIR')).toEqual([expect.stringMatching(/here$/), 'flag']);
    expect(shown.get('VORONKA_CURRENCY')).toEqual([null, 'default']);
    expect(shown.get('VORONKA_API_KEY')).toEqual(['[hidden]', 'environment']);
    expect(text).not.toContain('hush');
  });

  it('says which program where an error comes from only when asked', async () => {
    const { stderr } = await voronka.ask(['funnel', '--verbose'], { VORONKA_PORT: 'x' });
    expect(stderr).toMatch(/^ +at /m);
  });
});

describe('bug: a data directory that was mistyped was founded, and asked', () => {
  it.each([
    ...[['funnel'], ['activity'], ['win-rate'], ['explain', '--employee', 'a'], ['payroll', 'status']],
    ...[
      ['plans', 'list', '--period', '2009-08'],
      ['projections', 'status'],
      ['projections', 'rebuild'],
    ],
    ...[
      ['keys', 'add', '--name', 'x', '--roles', 'auditor'],
      ['keys', 'list'],
      ['keys', 'revoke', 'x'],
    ],
    ...[
      ['readers', 'list'],
      ['events', 'export'],
      ['backup', 'copy'],
    ],
  ])('%j refuses one that holds nothing, and makes nothing', async (...args) => {
    const place = path.join(directory, 'mistyped');
    const { code, stdout, stderr } = await voronka.ask([...args, '--data-dir', place]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`${place} holds no data of Voronka`);
    expect(stderr).toMatch(/--data-dir or VORONKA_DATA_DIR/);
    expect([place, path.join(directory, 'copy')].filter((made) => existsSync(made))).toEqual([]);
  });
});

it('a store that does not answer ends a command with 4', async () => {
  const { code, stdout, stderr } = await voronka.run(['keys', 'list'], {
    EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:1/nothing',
    VORONKA_MASTER_KEY: '07'.repeat(32),
  });
  expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
  // Bug: it did not say which.
  expect(stderr).toMatch(/PostgreSQL \(DATABASE_URL\) does not answer/);
});
