import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { masterKeyOf } from './master-key.js';
import { loadSettings, type Settings } from './settings.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'master-key-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const settingsWith = (env: Readonly<Record<string, string>> = {}): Settings =>
  loadSettings({ env: { VORONKA_DATA_DIR: 'data', ...env }, directory }).settings;

describe('the master key', () => {
  it('is made once in the data directory, for its owner alone', () => {
    const first = masterKeyOf(settingsWith());
    expect(first).toHaveLength(32);
    expect(masterKeyOf(settingsWith())).toEqual(first);
    const data = path.join(directory, 'data');
    expect(readdirSync(data)).toEqual(['master.key']);
    expect(statSync(path.join(data, 'master.key')).mode & 0o077).toBe(0);
    expect(statSync(data).mode & 0o077).toBe(0);
  });

  it('is the given one, and then none is written', () => {
    const hex = 'ab'.repeat(32);
    expect(Buffer.from(masterKeyOf(settingsWith({ VORONKA_MASTER_KEY: hex }))).toString('hex')).toBe(hex);
    expect(readdirSync(directory)).toEqual([]);
  });

  // Bug: a second shell, without the variable, wrote another key beside the data.
  it('is never made beside data that were written with another', () => {
    const data = path.join(directory, 'data');
    mkdirSync(path.join(data, 'postgres'), { recursive: true });
    expect(() => masterKeyOf(settingsWith())).toThrow(/master\.key is not there, though the data are/);
    expect(readdirSync(data)).toEqual(['postgres']);
  });

  it('must be given when the database is shared with other programs', () => {
    const settings = settingsWith({ DATABASE_URL: 'postgres://host/voronka' });
    expect(() => masterKeyOf(settings)).toThrow(/VORONKA_MASTER_KEY is needed with DATABASE_URL/);
  });

  it('is refused when malformed, by the place it came from and without telling it', () => {
    expect(() => settingsWith({ VORONKA_MASTER_KEY: 'hush' })).toThrow(/^VORONKA_MASTER_KEY: (?!.*hush)/);
    const file = path.join(directory, 'data', 'master.key');
    mkdirSync(path.dirname(file));
    writeFileSync(file, '');
    expect(() => masterKeyOf(settingsWith())).toThrow(file);
    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
