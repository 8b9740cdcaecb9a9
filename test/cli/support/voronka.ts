import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = path.join(__dirname, '../../..');
export const COMMAND = path.join(ROOT, 'bin/voronka.mjs');

/** What a command printed, and how it ended. */
export interface Outcome {
  readonly code: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly ended: Promise<Outcome>;
  /** Waits until standard error holds it. @throws Error when the command ends before */
  says(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Brings the build up to date. */
export function ensureBuilt(): void {
  execFileSync(process.execPath, [path.join(ROOT, 'scripts/built.mjs')], { stdio: 'ignore' });
}

/** A directory that PostgreSQL's own user can pass through, so that everything stays inside. */
export function newDirectory(): string {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'voronka-cli-'));
  chmodSync(directory, 0o711);
  return directory;
}

export function removeDirectory(directory: string): void {
  rmSync(directory, { recursive: true, force: true });
}

/** The built command line at the places where it is used. */
export class CommandLine {
  private readonly started: Running[] = [];
  private desk: ChildProcess | undefined;
  private queue: Promise<unknown> = Promise.resolve();

  constructor(
    readonly cwd: string,
    private readonly env: Readonly<Record<string, string>> = {},
  ) {}

  /** Starts a command. Settings of whoever runs the tests do not reach it. */
  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const child = spawn(process.execPath, [COMMAND, ...args], {
      cwd: this.cwd,
      env: this.environment(env),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const running = watch(child, args);
    this.started.push(running);
    return running;
  }

  /** Runs a command to its end, in a process of its own. */
  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    return this.start(args, env).ended;
  }

  /** Runs a command that must succeed, in a process of its own. @throws Error with what it said otherwise */
  async output(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return printed(args, await this.run(args, env));
  }

  /** As `run`, in one process for all commands that are asked for so, one after another: it has loaded them already. */
  ask(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Outcome> {
    const answer = this.queue.then(async () => {
      this.desk ??= fork(path.join(__dirname, 'desk.mjs'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
      const { desk } = this;
      const heard = new AbortController();
      const { signal } = heard;
      desk.send({ args, cwd: this.cwd, env: this.environment(env) });
      const ended = once(desk, 'exit', { signal }).then(([code]): never => {
        throw new Error(`voronka ${args.join(' ')} ended the process of all: ${code}`);
      });
      const [outcome] = (await Promise.race([once(desk, 'message', { signal }), ended])) as [Outcome];
      ended.catch(() => undefined);
      heard.abort();
      return outcome;
    });
    this.queue = answer.catch(() => undefined);
    return answer;
  }

  /** As `output`, in one process for all. @throws Error with what it said otherwise */
  async answer(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    return printed(args, await this.ask(args, env));
  }

  private environment(env: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(
      ([name]) => !name.startsWith('VORONKA_') && !['EVENTSTORE_URL', 'DATABASE_URL', 'NODE_OPTIONS'].includes(name),
    );
    return { ...Object.fromEntries(inherited), ...this.env, ...env };
  }

  /** Ends what a failed test left running. */
  async close(): Promise<void> {
    if (this.desk?.exitCode === null) {
      this.desk.disconnect();
      await once(this.desk, 'exit');
    }
    for (const { child } of this.started) if (child.exitCode === null) child.kill('SIGKILL');
    await Promise.all(this.started.map(({ ended }) => ended));
  }
}

function printed(args: readonly string[], { code, stdout, stderr }: Outcome): string {
  if (code !== 0) throw new Error(`voronka ${args.join(' ')} ended with ${code}: ${stderr}`);
  return stdout;
}

function watch(child: ChildProcess, args: readonly string[]): Running {
  let stdout = '';
  let stderr = '';
  let isOver = false;
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  // A killed parent's children may hold the pipes a little longer: its own end counts.
  const ended = new Promise<Outcome>((resolve) => {
    child.once('exit', (code, signal) => {
      const done = (): void => {
        isOver = true;
        resolve({ code: signal ?? code ?? -1, stdout, stderr });
      };
      if (signal === null) child.once('close', done);
      else setTimeout(done, 200);
    });
  });
  return {
    child,
    pid: child.pid ?? -1,
    ended,
    says: async (pattern) => {
      for (;;) {
        const found = pattern.exec(stderr);
        if (found !== null) return found;
        if (isOver) throw new Error(`voronka ${args.join(' ')} ended without saying ${String(pattern)}: ${stderr}`);
        await sleep(25);
      }
    },
  };
}

/** Processes whose command line names the directory. */
export function processesOn(directory: string): string[] {
  const all = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8', maxBuffer: 16_777_216 });
  return all.split('\n').filter((line) => line.includes(directory));
}

/** Waits until no process is left on the directory; returns those that are left after all. */
export async function leftOn(directory: string, patienceMs = 15_000): Promise<string[]> {
  for (let waited = 0; waited < patienceMs; waited += 100) {
    if (processesOn(directory).length === 0) return [];
    await sleep(100);
  }
  return processesOn(directory);
}
