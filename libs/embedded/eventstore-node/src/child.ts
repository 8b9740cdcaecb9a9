import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const LONGEST_STOP_MS = 10_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
const TRIES = 10;

export interface SpawnOptions {
  readonly directory: string;
  readonly tcpPort?: number;
  readonly maxAppendSizeBytes?: number;
  readonly advertiseBatchAppend?: boolean;
  readonly log?: (line: string) => void;
  /** The program to run; by default the compiled `main.js` beside this file, which TypeScript sources do not have. */
  readonly entry?: string;
}

export interface EventStoreChild {
  readonly endpoint: string;
  readonly pid: number;
  /** Settles when the node has ended, in whatever way. */
  readonly exited: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  stop(): Promise<void>;
}

/**
 * Runs the node as a child process. It holds the other end of its own input, so it ends when we do, even by kill -9.
 * @throws Error with what the node said when it does not start.
 */
export async function spawnEventStoreNode(options: SpawnOptions): Promise<EventStoreChild> {
  const entry = options.entry ?? path.join(import.meta.dirname, 'main.js');
  const child = spawn(process.execPath, [entry, ...argumentsFor(options)], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // Its own group: Ctrl-C reaches us, and we stop it when nothing needs it any more.
    detached: true,
    env: { PATH: process.env['PATH'], TMPDIR: process.env['TMPDIR'] },
  });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', () => resolve({ code: null, signal: null }));
  });
  // Writing to a child that is gone must not end us.
  child.stdin?.on('error', () => undefined);
  const endpoint = await endpointOf(child, exited, options.log);
  return {
    endpoint,
    pid: child.pid ?? -1,
    exited,
    stop: async () => {
      child.kill('SIGTERM');
      const late = sleep(LONGEST_STOP_MS, 'late', { ref: false });
      if ((await Promise.race([exited, late])) === 'late') child.kill('SIGKILL');
      await exited;
    },
  };
}

function argumentsFor({ directory, tcpPort, maxAppendSizeBytes, advertiseBatchAppend }: SpawnOptions): string[] {
  const given = ['--directory', directory, '--exit-with-stdin'];
  if (tcpPort !== undefined) given.push('--tcp-port', String(tcpPort));
  if (maxAppendSizeBytes !== undefined) given.push('--max-append-size', String(maxAppendSizeBytes));
  if (advertiseBatchAppend === false) given.push('--no-batch-append');
  return given;
}

/** The node's first line tells where it listens; before that, its error output tells why it does not. */
async function endpointOf(
  child: ChildProcess,
  exited: Promise<unknown>,
  log?: (line: string) => void,
): Promise<string> {
  const said: string[] = [];
  if (child.stderr !== null) {
    readline.createInterface({ input: child.stderr }).on('line', (line) => {
      if (said.length < 20) said.push(line);
      log?.(line);
    });
  }
  const ready = new Promise<string>((resolve) => {
    if (child.stdout !== null) readline.createInterface({ input: child.stdout }).once('line', resolve);
  });
  const first = await Promise.race([ready, exited.then(() => null)]);
  if (first === null) throw new Error(said.join('\n') || 'the event store ended before it could start');
  return (JSON.parse(first) as { endpoint: string }).endpoint;
}

/** As `spawnEventStoreNode`, and starts it again under the same address should it end on its own. */
export async function keepEventStoreNode(options: SpawnOptions): Promise<EventStoreChild> {
  const log = options.log ?? ((): void => undefined);
  let current = await spawnEventStoreNode(options);
  const { endpoint } = current;
  const port = options.tcpPort === undefined ? undefined : Number(endpoint.split(':').at(-1));
  const again: SpawnOptions = port === undefined ? options : { ...options, tcpPort: port };
  let stopping = false;
  const watch = async (): Promise<{ code: number | null; signal: NodeJS.Signals | null }> => {
    for (;;) {
      const exit = await current.exited;
      if (stopping) return exit;
      log(
        `the event store (pid ${current.pid}) ended by ${exit.signal ?? `exit code ${exit.code}`}: starting it again`,
      );
      const next = await startAgain(again, () => stopping);
      if (next === undefined) return exit;
      current = next;
      if (stopping) await current.stop();
    }
  };
  const exited = watch();
  return {
    endpoint,
    get pid() {
      return current.pid;
    },
    exited,
    stop: async () => {
      stopping = true;
      await current.stop();
      await exited;
    },
  };
}

async function startAgain(options: SpawnOptions, stopping: () => boolean): Promise<EventStoreChild | undefined> {
  let pause = FIRST_PAUSE_MS;
  for (let attempt = 1; attempt <= TRIES && !stopping(); attempt += 1) {
    try {
      return await spawnEventStoreNode(options);
    } catch (error) {
      options.log?.(`the event store does not start (attempt ${attempt} of ${TRIES}): ${String(error)}`);
    }
    await sleep(pause);
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
  return undefined;
}
