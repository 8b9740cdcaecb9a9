import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SharedClock } from './shared-clock.js';

export interface ThreadOptions {
  readonly directory: string;
  /** Gives the events' recording times. */
  readonly clock: SharedClock;
  readonly log?: (line: string) => void;
  /** The program to run; by default the compiled `thread-main.js` beside this file, which TypeScript sources do not have. */
  readonly entry?: string;
}

/** What the thread is given. */
export interface ThreadTask {
  readonly directory: string;
  readonly clock: SharedArrayBuffer;
}

export type ThreadTold =
  | { readonly kind: 'listening'; readonly endpoint: string }
  | { readonly kind: 'said'; readonly line: string };

export interface EventStoreThread {
  readonly endpoint: string;
  /** Resolves when the thread has ended, in whatever way. */
  readonly exited: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Runs the node in a thread of this program, on a clock that both read: for programs that keep a time of their own,
 * which no child process could follow exactly.
 * @throws Error with what the node said when it does not start.
 */
export async function startEventStoreThread(options: ThreadOptions): Promise<EventStoreThread> {
  const { directory, clock, log, entry = path.join(import.meta.dirname, 'thread-main.js') } = options;
  const task: ThreadTask = { directory, clock: clock.memory };
  const worker = new Worker(entry, { workerData: task });
  // An error ends the thread, and its end is told; without a listener it would end the program instead.
  worker.on('error', (error) => log?.(`the event store ended: ${String(error)}`));
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
  const endpoint = await new Promise<string>((resolve, reject) => {
    worker.once('error', reject);
    worker.on('message', (told: ThreadTold) => {
      if (told.kind === 'listening') resolve(told.endpoint);
      else log?.(told.line);
    });
    void exited.then(() => reject(new Error('the event store ended before it could start')));
  });
  return {
    endpoint,
    exited,
    stop: async () => {
      worker.postMessage('stop');
      await exited;
    },
  };
}
