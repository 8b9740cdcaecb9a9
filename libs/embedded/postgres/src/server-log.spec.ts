import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { lastLines, prepareLog } from './server-log.js';

describe('the server’s log', () => {
  let directory: string;
  beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-log-'))));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  it('tells what came after a moment', () => {
    const log = prepareLog(directory);
    const handle = log.open();
    fs.writeSync(handle, 'before\n');
    const size = log.size();
    fs.writeSync(handle, 'after\n');
    fs.closeSync(handle);
    expect(log.since(size)).toBe('after\n');
    expect(log.since(log.size())).toBe('');
  });

  it('is set aside once it has grown beyond 10 MB, and is nobody else’s to read', () => {
    fs.writeFileSync(path.join(directory, 'postgres.log'), Buffer.alloc(11 * 1024 * 1024, 'x'));
    const log = prepareLog(directory);
    fs.closeSync(log.open());
    expect(log.size()).toBe(0);
    expect(fs.statSync(`${log.file}.1`).size).toBe(11 * 1024 * 1024);
    if (process.platform !== 'win32') expect(fs.statSync(log.file).mode & 0o777).toBe(0o600);
  });

  it('shows its last lines', () => {
    expect(lastLines('a\nb\nc\n', 2)).toBe('  | b\n  | c');
  });
});
