import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { takeOwnership } from './owner-lock.js';
import { identify, isAlive, waitUntilGone } from './process-identity.js';

describe('ownership of a data directory', () => {
  let directory: string;
  const file = (): string => path.join(directory, 'owner.json');
  beforeEach(() => (directory = fs.mkdtempSync(path.join(os.tmpdir(), 'voronka-lock-'))));
  afterEach(() => fs.rmSync(directory, { recursive: true }));

  it('is exclusive within one process too, and free again after release', () => {
    const lock = takeOwnership(directory);
    expect(() => takeOwnership(directory)).toThrow(`this very process (pid ${process.pid})`);
    lock.release();
    lock.release();
    expect(fs.readdirSync(directory)).toEqual([]);
    takeOwnership(directory).release();
  });

  it('names the living process that holds it', async () => {
    const other = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(other, 'spawn');
    const identity = identify(other.pid ?? 0);
    fs.writeFileSync(file(), JSON.stringify(identity));
    expect(() => takeOwnership(directory)).toThrow(`the running process ${other.pid}`);

    other.kill('SIGKILL');
    await once(other, 'exit');
    takeOwnership(directory).release();
  });

  it('is not kept by a pid that another process was given since', () => {
    fs.writeFileSync(file(), JSON.stringify({ pid: process.pid, start: 'another time' }));
    const known = identify(process.pid)?.start !== undefined;
    if (known) takeOwnership(directory).release();
    else expect(() => takeOwnership(directory)).toThrow(/in use/);
    expect(fs.existsSync(file())).toBe(!known);
  });

  it.each(['', '{', 'null', '{"pid":"1"}'])('is taken over from a damaged lock %p', (text) => {
    fs.writeFileSync(file(), text);
    takeOwnership(directory).release();
  });

  it('does not release what has become somebody else’s', () => {
    const lock = takeOwnership(directory);
    fs.writeFileSync(file(), '{"pid":1}');
    lock.release();
    expect(fs.readFileSync(file(), 'utf8')).toBe('{"pid":1}');
  });
});

describe('the identity of a process', () => {
  it('tells the living from the dead', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    const known = identify(child.pid ?? 0);
    if (!known) throw new Error('a running process was not seen');
    expect(isAlive(known)).toBe(true);
    expect(await waitUntilGone(known, 50)).toBe(false);
    child.kill('SIGKILL');
    expect(await waitUntilGone(known, 5_000)).toBe(true);
    expect(identify(known.pid)).toBeUndefined();
  });
});
