import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SharedClock } from '@voronka/eventstore-node';
import { type Clock, type Instant, startOfLocalDay } from '@voronka/kernel';
import { FIRST_DAY, ZONE } from './company.js';

const FILE = 'demo-clock.json';

/** What the directory remembers. */
interface Kept {
  readonly at: Instant;
  /** Machine's time since which it runs on from there; none where it stands. */
  readonly runsSince?: number;
}

/** The company's own time: set by the story, then running on from where it stands. The directory remembers it. */
export class DemoClock implements Clock {
  /** The event store's thread reads the same time. */
  readonly shared = new SharedClock();

  private constructor(
    private readonly file: string,
    at: Instant,
  ) {
    this.shared.set(Date.parse(at));
  }

  /** For whoever owns the directory; it stands. A program that was killed could not stop it: it has run on since. */
  static ofDirectory(dataDir: string): DemoClock {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return DemoClock.ifKept(dataDir) ?? new DemoClock(fileOf(dataDir), startOfLocalDay(FIRST_DAY, ZONE));
  }

  /** The same, where the directory is a demonstration's. */
  static ifKept(dataDir: string): DemoClock | null {
    const kept = readKept(dataDir);
    return kept === null ? null : new DemoClock(fileOf(dataDir), timeOf(kept));
  }

  now(): Instant {
    return new Date(this.shared.now()).toISOString();
  }

  /** Never back. */
  set(at: Instant): void {
    if (at > this.now()) this.shared.set(Date.parse(at));
  }

  /** From now on it goes with the machine's clock, and the directory knows. */
  run(): void {
    this.shared.run();
    this.write({ at: this.now(), runsSince: Date.now() });
  }

  /** Writes down where it stands. */
  keep(): void {
    this.write({ at: this.now() });
  }

  private write(kept: Kept): void {
    writeFileSync(`${this.file}.tmp`, JSON.stringify(kept), { mode: 0o600 });
    renameSync(`${this.file}.tmp`, this.file);
  }
}

/** The clock of a demonstration that another program runs, read only; null where the directory is none's. */
export function clockBeside(dataDir: string): Clock | null {
  const kept = readKept(dataDir);
  return kept === null ? null : { now: () => timeOf(kept) };
}

function fileOf(dataDir: string): string {
  return path.join(dataDir, FILE);
}

function timeOf({ at, runsSince }: Kept): Instant {
  const gone = runsSince === undefined ? 0 : Math.max(0, Date.now() - runsSince);
  return new Date(Date.parse(at) + gone).toISOString();
}

function readKept(dataDir: string): Kept | null {
  try {
    return JSON.parse(readFileSync(fileOf(dataDir), 'utf8')) as Kept;
  } catch {
    return null;
  }
}
