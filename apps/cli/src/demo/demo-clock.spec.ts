import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { clockBeside, DemoClock } from './demo-clock.js';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'demo-clock-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const LATER = '2026-06-30T19:59:59.000Z';

describe('the clock of a demonstration', () => {
  it('is none where no demonstration lies', () => {
    expect([DemoClock.ifKept(directory), clockBeside(directory)]).toEqual([null, null]);
  });

  it('is remembered where it stood, and never goes back', () => {
    const clock = DemoClock.ofDirectory(directory);
    clock.set(LATER);
    clock.set('2026-01-01T00:00:00.000Z');
    clock.keep();
    expect(DemoClock.ifKept(directory)?.now()).toBe(LATER);
    expect(clockBeside(directory)?.now()).toBe(LATER);
  });

  it('told while it runs, is the same to other programs, and has run on for whoever comes after a kill', () => {
    const clock = DemoClock.ofDirectory(directory);
    clock.set(LATER);
    clock.run();
    const until = Date.now() + 30;
    while (Date.now() < until);
    const beside = clockBeside(directory)?.now() ?? '';
    expect(beside > LATER).toBe(true);
    expect(Math.abs(Date.parse(beside) - Date.parse(clock.now()))).toBeLessThan(1_000);
    expect((DemoClock.ifKept(directory)?.now() ?? '') >= beside).toBe(true);
  });
});
