import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SETTINGS } from './settings-table.js';
import { loadSettings, SettingsError } from './settings.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'settings-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function faultsOf(sources: Parameters<typeof loadSettings>[0]): readonly string[] {
  try {
    loadSettings({ directory, ...sources });
  } catch (error) {
    if (error instanceof SettingsError) return error.faults;
    throw error;
  }
  throw new Error('the settings were taken');
}

describe('settings', () => {
  it('bug: the address that `voronka eventstore` prints was refused as EVENTSTORE_URL', () => {
    const { settings } = loadSettings({ env: { EVENTSTORE_URL: 'unix:/data/eventstore/node.sock' }, directory });
    expect(settings.eventStoreUrl).toBe('unix:/data/eventstore/node.sock');
    expect(faultsOf({ env: { EVENTSTORE_URL: 'localhost:2113' } })).toEqual([expect.stringContaining('unix:/path')]);
  });

  it('have defaults that listen on this machine only', () => {
    const { settings, origins } = loadSettings({ env: {}, directory });
    expect(settings).toMatchObject({ host: '127.0.0.1', port: 8080, apiKey: null, eventStoreUrl: null });
    expect(settings.dataDir).toBe(path.join(directory, '.voronka'));
    expect(new Set(Object.values(origins))).toEqual(new Set(['default']));
  });

  it('come from flags before the environment before the file before defaults', () => {
    writeFileSync(path.join(directory, 'own.yaml'), 'port: 1\nhost: file.example\nlogLevel: warn\n');
    const { settings, origins } = loadSettings({
      flags: { port: '3' },
      env: { VORONKA_PORT: '2', VORONKA_HOST: 'env.example' },
      file: 'own.yaml',
      directory,
    });
    expect(settings).toMatchObject({ port: 3, host: 'env.example', logLevel: 'warn', bodyLimitBytes: 1_048_576 });
    expect(origins).toMatchObject({ port: 'flag', host: 'environment', logLevel: 'file', bodyLimitBytes: 'default' });
  });

  it('are read from voronka.config.json where the program starts, unless another file is named', () => {
    writeFileSync(path.join(directory, 'voronka.config.json'), '{"port": 81}');
    writeFileSync(path.join(directory, 'other.json'), '{"port": 82}');
    expect(loadSettings({ env: {}, directory }).settings.port).toBe(81);
    expect(loadSettings({ env: { VORONKA_CONFIG: 'other.json' }, directory }).settings.port).toBe(82);
    expect(loadSettings({ env: { VORONKA_CONFIG: '' }, directory }).settings.port).toBe(81);
  });

  it('take an empty variable as none', () => {
    expect(loadSettings({ env: { VORONKA_PORT: '' }, directory }).settings.port).toBe(8080);
  });

  it.each([
    ['VORONKA_PORT', 'eighty', 'a whole number from 0 to 65535'],
    ['VORONKA_PORT', '65536', 'a whole number from 0 to 65535'],
    ['VORONKA_TIME_ZONE', 'Moscow', 'Unknown time zone'],
    ['VORONKA_CURRENCY', 'roubles', 'ISO 4217'],
    ['VORONKA_LOG_LEVEL', 'loud', 'debug, info, warn, error or silent'],
    ['VORONKA_RATE_LIMIT_PER_MINUTE', '0', 'a whole number from 1'],
  ])('refuse %s=%s and say what it should be', (name, value, wanted) => {
    const [fault] = faultsOf({ env: { [name]: value } });
    expect(fault).toContain(`${name} is "${value}"`);
    expect(fault).toContain(wanted);
  });

  it('name every fault at once, each with the place it was set', () => {
    writeFileSync(path.join(directory, 'voronka.config.json'), '{"currency": "x", "colour": 1, "host": ["a"]}');
    const faults = faultsOf({ flags: { port: '-1' }, env: { VORONKA_LOG_LEVEL: 'x' } });
    expect(faults.join('\n')).toMatch(/--port is "-1"/);
    expect(faults.join('\n')).toMatch(/VORONKA_LOG_LEVEL is "x"/);
    expect(faults.join('\n')).toMatch(/currency in .*voronka\.config\.json is "x"/);
    expect(faults.join('\n')).toMatch(/colour in .*voronka\.config\.json is not a setting; there are dataDir/);
    expect(faults.join('\n')).toMatch(/host in .*voronka\.config\.json must be a text or a number/);
    expect(faults).toHaveLength(5);
  });

  it.each([
    ['VORONKA_DATADIR', 'VORONKA_DATA_DIR'],
    ['VORONKA_RATE_LIMIT_PER_MINUT', 'VORONKA_RATE_LIMIT_PER_MINUTE'],
  ])('refuse the unknown variable %s and suggest %s', (wrong, right) => {
    expect(faultsOf({ env: { [wrong]: '1' } })).toEqual([`${wrong} is not a setting; did you mean ${right}?`]);
  });

  it('list what there is for a variable like no other', () => {
    expect(faultsOf({ env: { VORONKA_SPEED_OF_LIGHT: '1' } })[0]).toContain('there are VORONKA_DATA_DIR');
  });

  it('do not tell a secret that is wrong', () => {
    const faults = faultsOf({ env: { DATABASE_URL: 'mysql://me:hush@host', VORONKA_API_KEY: 'hush' } });
    expect(faults).toHaveLength(2);
    expect(faults.join()).not.toContain('hush');
  });

  it('say which file cannot be read or holds no settings', () => {
    writeFileSync(path.join(directory, 'list.yaml'), '- 1\n');
    writeFileSync(path.join(directory, 'broken.json'), '{"port": ');
    expect(faultsOf({ env: {}, file: 'nowhere.yaml' })[0]).toMatch(/nowhere\.yaml cannot be read: ENOENT/);
    expect(faultsOf({ env: {}, file: 'list.yaml' })[0]).toMatch(/list\.yaml must hold names and values/);
    expect(faultsOf({ env: {}, file: 'broken.json' })[0]).toMatch(/broken\.json cannot be read/);
  });

  it('each have a variable, a flag and a description of their own', () => {
    const all = Object.values(SETTINGS);
    expect(new Set(all.map(({ env }) => env)).size).toBe(all.length);
    expect(new Set(all.map(({ flag }) => flag)).size).toBe(all.length);
    expect(all.every(({ description }) => description.length > 10)).toBe(true);
  });
});
