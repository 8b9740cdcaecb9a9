import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { SharedClock } from '@voronka/eventstore-node';
import { type Clock, type Instant, startOfLocalDay } from '@voronka/kernel';
import { FIRST_DAY, ZONE } from './company.js';

const FILE = 'demo-clock.json';

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

  static ofDirectory(dataDir: string): DemoClock {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    const file = path.join(dataDir, FILE);
    return new DemoClock(file, readInstant(file) ?? startOfLocalDay(FIRST_DAY, ZONE));
  }

  now(): Instant {
    return new Date(this.shared.now()).toISOString();
  }

  /** Never back. */
  set(at: Instant): void {
    if (at > this.now()) this.shared.set(Date.parse(at));
  }

  /** From now on it goes with the machine's clock. */
  run(): void {
    this.shared.run();
  }

  /** Writes down where it stands. */
  keep(): void {
    writeFileSync(`${this.file}.tmp`, JSON.stringify({ at: this.now() }), { mode: 0o600 });
    renameSync(`${this.file}.tmp`, this.file);
  }
}

function readInstant(file: string): Instant | null {
  try {
    return (JSON.parse(readFileSync(file, 'utf8')) as { at: Instant }).at;
  } catch {
    return null;
  }
}
