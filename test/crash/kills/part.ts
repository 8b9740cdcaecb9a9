import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** What can be killed. */
export const VICTIMS = ['api', 'projector', 'node', 'postgres'] as const;
export type Victim = (typeof VICTIMS)[number];

/** One process of the house, under somebody who starts it again when it ends. */
export interface Part {
  /** Ends it with SIGKILL; nothing happens when it does not run. Started again after `downMs` milliseconds. */
  kill(downMs: number): void;
  /** Resolves once it serves and was not killed since. @throws Error with what it said when it takes too long */
  serves(): Promise<void>;
  /** Ends that nobody asked for, of a process that had come so far as to serve. */
  readonly falls: readonly string[];
  stop(): Promise<void>;
}

const PATIENCE_MS = 60_000;
/** A start that fails (its stores are not there yet) is tried again after this. */
const PAUSE_MS = 150;
const MOST_KEPT = 20_000;

/** Waits until it is so. @throws Error naming what was waited for */
export async function until(isSo: () => boolean, what: () => string, patienceMs = PATIENCE_MS): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!isSo()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what()}`);
    await sleep(2);
  }
}

export interface ProgramOptions {
  readonly name: string;
  readonly cwd: string;
  /** Told on every start, so that a later one can take the address of the first. */
  readonly launch: () => { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> };
  /** Says on either output that it serves; the match is what `told` gives. */
  readonly ready: RegExp;
}

/** A program of ours as its supervisor sees it: started again whenever it ends, until it is stopped. */
export class SupervisedProgram implements Part {
  readonly falls: string[] = [];
  /** What the ready line of the first start said. */
  told: RegExpExecArray | null = null;
  private child: ChildProcess | null = null;
  private isServing = false;
  private isKilled = false;
  private isStopping = false;
  private downMs = PAUSE_MS;
  private output = '';
  private running: Promise<void> | null = null;

  constructor(private readonly options: ProgramOptions) {}

  async start(): Promise<void> {
    this.running ??= this.supervise();
    await this.serves();
  }

  async serves(): Promise<void> {
    const what = () => `${this.options.name} to serve; it said:\n${this.output}`;
    await until(() => this.isServing, what);
  }

  kill(downMs: number): void {
    if (this.child === null || this.isKilled) return;
    this.isKilled = true;
    this.isServing = false;
    this.downMs = downMs;
    this.child.kill('SIGKILL');
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.child?.kill('SIGTERM');
    const late = setTimeout(() => this.child?.kill('SIGKILL'), 10_000);
    await this.running;
    clearTimeout(late);
  }

  private async supervise(): Promise<void> {
    while (!this.isStopping) {
      const ended = await this.runOnce();
      if (this.isServing && !this.isStopping)
        this.falls.push(`${this.options.name} ended by ${ended}: ${this.lastWords()}`);
      this.isServing = false;
      const pause = this.isKilled ? this.downMs : PAUSE_MS;
      if (!this.isStopping) await sleep(pause);
    }
  }

  private async runOnce(): Promise<number | NodeJS.Signals> {
    const { args, env } = this.options.launch();
    this.isKilled = false;
    this.output = '';
    const child = spawn(process.execPath, args, { cwd: this.options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.child = child;
    const heard = (chunk: string): void => this.hear(chunk);
    child.stdout.setEncoding('utf8').on('data', heard);
    child.stderr.setEncoding('utf8').on('data', heard);
    const ended = await new Promise<number | NodeJS.Signals>((resolve) => {
      child.once('close', (code, signal) => resolve(signal ?? code ?? -1));
    });
    this.child = null;
    return ended;
  }

  /** Without the line of every request. */
  private lastWords(): string {
    const lines = this.output.split('\n').filter((line) => !line.includes('"msg":"request"'));
    return lines.slice(-30).join('\n');
  }

  private hear(chunk: string): void {
    this.output = (this.output + chunk).slice(-MOST_KEPT);
    if (this.isServing || this.isKilled) return;
    const found = this.options.ready.exec(this.output);
    if (found === null) return;
    this.told ??= found;
    this.isServing = true;
  }
}
