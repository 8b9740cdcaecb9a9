import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CommandHandler,
  createThingStates,
  type EventBatch,
  type EventLog,
  type FollowState,
} from '@voronka/event-log';
import { type Clock, type Recorded, streamOf, type Thing } from '@voronka/kernel';
import { issue, type Issuer } from './issue.js';
import { takeLease } from './lease.js';
import { passes } from './passes.js';
import type { Look, ProcessManager, TimedProcess } from './process.definition.js';

/** Where the processes keep how far they have come. */
export interface Checkpoints {
  load(process: string): Promise<bigint | null>;
  save(process: string, position: bigint): Promise<void>;
}

export interface ProcessRunnerOptions {
  readonly log: EventLog;
  readonly handle: CommandHandler;
  readonly things: readonly Thing[];
  readonly checkpoints: Checkpoints;
  readonly databaseUrl: string;
  readonly clock: Clock;
  readonly managers: readonly ProcessManager[];
  readonly timed: readonly TimedProcess[];
  /** How often timed processes look what is due, in milliseconds; default 30,000. */
  readonly lookEveryMs?: number;
  /** How often a program that stands by tries to take over, in milliseconds; default 1,000. */
  readonly standbyPollMs?: number;
  readonly onMessage?: (message: ProcessMessage) => void;
}

export interface ProcessMessage {
  readonly level: 'info' | 'warn' | 'error';
  readonly process: string;
  readonly text: string;
}

export type ProcessStatus = 'standby' | 'running' | 'waiting' | 'stopped';

export interface Refused {
  readonly type: string;
  readonly code: string;
  readonly count: number;
}

export interface ProcessState {
  readonly name: string;
  readonly status: ProcessStatus;
  /** Log position handled; null for none, and for timed processes. */
  readonly position: bigint | null;
  /** Commands accepted since the program started. */
  readonly issued: number;
  readonly refused: number;
  /** The same by what was asked for and the code of the refusal. */
  readonly refusals: readonly Refused[];
  readonly error: string | null;
}

export interface ProcessRunner {
  start(): void;
  /** Finishes the event under way. */
  stop(): Promise<void>;
  states(): readonly ProcessState[];
}

const LONGEST_PAUSE_MS = 10_000;
const FIRST_PAUSE_MS = 200;
/** How far a process may have come without a word of it in the database, past events that do not concern it. */
const SAVE_EVERY_MS = 1_000;

/**
 * Runs process managers and timed processes, in one program at a time. What a crash interrupts is done again from the
 * checkpoint on; ids derived from the causes keep every command single.
 */
export function createProcessRunner(options: ProcessRunnerOptions): ProcessRunner {
  const stopping = new AbortController();
  const tasks = [
    ...options.managers.map(
      (manager) => new Task(manager.name, options, (task, signal) => follow(task, manager, signal)),
    ),
    ...options.timed.map((timed) => new Task(timed.name, options, (task, signal) => keepTime(task, timed, signal))),
  ];
  let running: Promise<void> = Promise.resolve();
  return {
    start: () => {
      running = run(options, tasks, stopping.signal);
    },
    stop: async () => {
      stopping.abort();
      await running;
    },
    states: () => tasks.map((task) => task.state),
  };
}

async function run(options: ProcessRunnerOptions, tasks: readonly Task[], stopping: AbortSignal): Promise<void> {
  const { standbyPollMs = 1_000, databaseUrl } = options;
  while (!stopping.aborted) {
    const lease = await takeLease(databaseUrl, 'processes').catch(() => null);
    if (lease === null) {
      for (const task of tasks) task.to('standby');
      await sleep(standbyPollMs, undefined, { signal: stopping }).catch(() => undefined);
      continue;
    }
    const signal = AbortSignal.any([stopping, lease.lost]);
    await Promise.all(tasks.map((task) => task.run(signal)));
    await lease.release();
  }
}

/** One process at work: tries again while the stores are away, stops at what it cannot do. */
class Task {
  #state: ProcessState;
  readonly issuer: Issuer;
  readonly look: Look;

  constructor(
    name: string,
    readonly options: ProcessRunnerOptions,
    private readonly work: (task: Task, signal: AbortSignal) => Promise<void>,
  ) {
    this.#state = { name, status: 'standby', position: null, issued: 0, refused: 0, refusals: [], error: null };
    const { log, things, handle } = options;
    const onRefused: Issuer['onRefused'] = ({ id }, { type, id: of }, code) => {
      this.#set({ refused: this.#state.refused + 1, refusals: counted(this.#state.refusals, type, code) });
      this.say('info', `${type} for ${of}, caused by ${id}, is refused: ${code}`);
    };
    this.issuer = { handle, things, onRefused };
    const states = createThingStates(log, things);
    this.look = async <State>(category: string, id: string): Promise<State> => {
      await states.refresh();
      return (await states.load(streamOf(category, id))).state as State;
    };
  }

  get state(): ProcessState {
    return this.#state;
  }

  to(status: ProcessStatus): void {
    if (this.#state.status !== 'stopped') this.#set({ status });
  }

  reached(position: bigint): void {
    this.#set({ position });
  }

  issued(): void {
    this.#set({ issued: this.#state.issued + 1 });
  }

  /** The subscription tries again by itself; that it has to must be seen. */
  heard(state: FollowState): void {
    if (state.status === 'waiting') {
      if (this.#state.status !== 'waiting')
        this.say('warn', `${state.reason}; the log is followed again once it answers`);
      this.#set({ status: 'waiting', error: state.reason });
    } else if (state.status !== 'connecting' && this.#state.status === 'waiting') {
      this.#set({ status: 'running', error: null });
    }
  }

  say(level: ProcessMessage['level'], text: string): void {
    this.options.onMessage?.({ level, process: this.#state.name, text });
  }

  async run(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (!signal.aborted && this.#state.status !== 'stopped') {
      this.#set({ status: 'running', error: null });
      try {
        await this.work(this, signal);
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        if (!passes(error)) return this.#stop(error);
        this.#set({ status: 'waiting', error: reasonOf(error) });
        this.say('warn', `tries again in ${pause} ms: ${reasonOf(error)}`);
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        pause = Math.min(LONGEST_PAUSE_MS, pause * 2);
      }
    }
  }

  #stop(error: unknown): void {
    this.#set({ status: 'stopped', error: reasonOf(error) });
    this.say('error', `stops, until the program is started again: ${reasonOf(error)}`);
  }

  #set(change: Partial<ProcessState>): void {
    this.#state = { ...this.#state, ...change };
  }
}

function counted(refusals: readonly Refused[], type: string, code: string): readonly Refused[] {
  const isIt = (one: Refused): boolean => one.type === type && one.code === code;
  const count = (refusals.find(isIt)?.count ?? 0) + 1;
  return [...refusals.filter((one) => !isIt(one)), { type, code, count }];
}

async function follow(task: Task, manager: ProcessManager, signal: AbortSignal): Promise<void> {
  const { log, checkpoints } = task.options;
  const after = await checkpoints.load(manager.name);
  let savedAt = Number.NEGATIVE_INFINITY;
  const types = Object.keys(manager.on);
  const onState = (state: FollowState): void => task.heard(state);
  for await (const batch of log.follow({ after, signal, types, onState })) {
    const isAnswered = await react(task, manager, batch);
    // Events that do not concern it cost nothing when they are met again: most of the log is no reason to write.
    if (isAnswered || performance.now() - savedAt >= SAVE_EVERY_MS) {
      await checkpoints.save(manager.name, batch.position);
      savedAt = performance.now();
    }
    task.reached(batch.position);
  }
}

/** @returns whether any of the events concerned the process */
async function react(task: Task, manager: ProcessManager, { events }: EventBatch): Promise<boolean> {
  let isAnswered = false;
  for (const event of events) {
    const handler = event.metadata.imported ? undefined : manager.on[event.type];
    if (handler === undefined) continue;
    isAnswered = true;
    await answer(task, manager.name, { event, asked: await handler(event, task.look) });
  }
  return isAnswered;
}

async function answer(
  task: Task,
  process: string,
  { event, asked }: { readonly event: Recorded; readonly asked: Awaited<ReturnType<ProcessManager['on'][string]>> },
): Promise<void> {
  const { eventId, metadata } = event;
  const cause = { process, id: eventId, eventId, correlationId: metadata.correlationId };
  for (const planned of asked) {
    const instead = (await planned.unless?.()) ?? null;
    const command = instead ?? planned;
    const refusal = await issue(task.issuer, cause, command);
    if (refusal === null) task.issued();
    else if (command.orElse !== undefined) {
      if ((await issue(task.issuer, cause, command.orElse(refusal))) === null) task.issued();
      return;
    }
    if (instead !== null) return;
  }
}

async function keepTime(task: Task, timed: TimedProcess, signal: AbortSignal): Promise<void> {
  const { clock, lookEveryMs = 30_000 } = task.options;
  while (!signal.aborted) {
    for (const asked of await timed.due(clock.now())) {
      if (signal.aborted) return;
      const cause = { process: timed.name, id: asked.cause, eventId: null, correlationId: null };
      if ((await issue(task.issuer, cause, asked)) === null) task.issued();
    }
    await sleep(lookEveryMs, undefined, { signal }).catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
