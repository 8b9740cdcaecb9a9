import { fork } from 'node:child_process';
import path from 'node:path';
import { MemoryWatch, type Peak } from './memory.js';

/** Where a task finds its stores. */
export interface Stores {
  readonly endpoint: string;
  readonly databaseUrl: string;
}

/** Work that runs in a process of its own, so that its memory and its warmth are its own. */
export type Task =
  | { readonly kind: 'read'; readonly endpoint: string; readonly runs: number; readonly withPort: boolean }
  | { readonly kind: 'rebuild'; readonly stores: Stores; readonly sets: readonly string[] }
  | { readonly kind: 'follow'; readonly stores: Stores }
  | { readonly kind: 'serve'; readonly stores: Stores };

export interface ReadTimes {
  readonly events: number;
  /** Seconds of each run. */
  readonly plain: readonly number[];
  /** Empty when only the client was asked for. */
  readonly port: readonly number[];
}

/** What a task tells: `ready` when it goes on until it is ended, `done` with its result. */
export type Told =
  | { readonly kind: 'progress'; readonly done: number; readonly total: number }
  | { readonly kind: 'ready'; readonly served?: Served }
  | { readonly kind: 'done'; readonly seconds: number; readonly read?: ReadTimes };

/** Where the API listens, and a key for it. */
export interface Served {
  readonly url: string;
  readonly key: string;
}

export interface RunningTask {
  /** What is served, where something is. */
  readonly ready: Promise<Served | undefined>;
  readonly done: Promise<Extract<Told, { kind: 'done' }>>;
  /** Ends it, and gives the most memory it had. */
  end(): Promise<Peak | null>;
}

/** Starts a task. `done` rejects when the process ends without a result. */
export function startTask(
  task: Task,
  onProgress: (done: number, total: number) => void = () => undefined,
): RunningTask {
  const child = fork(path.join(import.meta.dirname, '../task-process.js'), { serialization: 'advanced' });
  const memory = new MemoryWatch(child.pid ?? -1);
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ready = settable<Served | undefined>();
  const done = settable<Extract<Told, { kind: 'done' }>>();
  child.on('message', (told: Told) => {
    if (told.kind === 'progress') onProgress(told.done, told.total);
    else if (told.kind === 'ready') ready.resolve(told.served);
    else done.resolve(told);
  });
  void exited.then(() => {
    const error = new Error(`the process for ${task.kind} ended without a result`);
    ready.reject(error);
    done.reject(error);
  });
  // Not everybody waits for both.
  ready.promise.catch(() => undefined);
  done.promise.catch(() => undefined);
  child.send(task);
  return {
    ready: ready.promise,
    done: done.promise,
    end: async () => {
      const peak = memory.stop();
      if (child.connected) child.disconnect();
      await exited;
      return peak;
    },
  };
}

function settable<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}
