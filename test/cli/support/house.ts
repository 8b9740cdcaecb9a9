import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { CommandLine, ensureBuilt, newDirectory, removeDirectory, type Running } from './voronka.js';

/** For a test that starts programs. */
export const LONG = 120_000;
/** Few deals: enough for every figure that is looked at. */
export const DEMO = ['demo', '--exit', '--deals', '40'];
/** The story ends before, so figures do not depend on when they are asked for. */
const FUNNEL = ['funnel', '--at', '2026-08-01T00:00:00Z', '--json'];

/** One data directory through its life, and the command line upon it. */
export class House {
  readonly directory = newDirectory();
  readonly data = path.join(this.directory, 'data');
  // Colours asked for by whoever runs the tests must not get into what programs read.
  readonly voronka = new CommandLine(this.directory, {
    VORONKA_DATA_DIR: this.data,
    VORONKA_PORT: '0',
    FORCE_COLOR: '1',
  });

  constructor() {
    ensureBuilt();
    mkdirSync(this.data, { mode: 0o711 });
  }

  /** Ends what a failed test left running, and removes everything. */
  async close(): Promise<void> {
    await this.voronka.close();
    removeDirectory(this.directory);
  }

  /** The figures, but for K: reminders go on being raised, and move it. */
  async funnel(more: readonly string[] = []): Promise<string> {
    return withoutK(await this.voronka.answer([...FUNNEL, ...more]));
  }

  /** The same, by a process of its own. */
  async funnelByItself(): Promise<string> {
    return withoutK(await this.voronka.output(FUNNEL));
  }

  async started(): Promise<Running> {
    const running = this.voronka.start(['start']);
    await running.says(/Documentation/);
    return running;
  }
}

function withoutK(shown: string): string {
  return shown.replace(/^ {2}"k": "\d+",$/m, '');
}

/** Ends it by a signal; it must end with 0. */
export async function stopped(running: Running, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  running.child.kill(signal);
  expect((await running.ended).code).toBe(0);
}
