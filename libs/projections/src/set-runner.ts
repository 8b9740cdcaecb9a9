import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { EventLog, FollowState } from '@voronka/event-log';
import { LogUnavailableError } from '@voronka/event-log';
import { BuildWriter } from './apply-batch.js';
import { dropRetired, isOfPlan, type RebuildMode, unfinishedOf } from './builds.js';
import { checkLog } from './check-log.js';
import { connect, type Database, disconnect, tryLock } from './connection.js';
import { activeBuild, type Build, ensureControl, readBuilds, recordPoison } from './control.js';
import type { EraseHook } from './erasing.js';
import {
  CheckpointMovedError,
  isTransient,
  NewerBuildError,
  poisonOf,
  reasonOf,
  RebuildRefusedError,
} from './errors.js';
import { RateMeter } from './progress.js';
import { rebuildSet } from './rebuild.js';
import type { SetPlan } from './set-plan.js';
import type { SharedReading } from './shared-reading.js';
import type { SetState } from './set-state.js';
import type { SwapHook } from './swap.js';
import { pauseAfter } from './tail-pace.js';
import { takeBatch } from './take-batch.js';

export interface Message {
  readonly level: 'info' | 'warn' | 'error';
  readonly set: string;
  readonly text: string;
}

/** What all sets of a projector share. */
export interface RunnerOptions {
  readonly database: Database;
  readonly log: EventLog;
  readonly reading: SharedReading;
  readonly onMessage: (message: Message) => void;
  readonly onSwap?: SwapHook;
  readonly onErased?: EraseHook;
  readonly mostStates?: number;
  readonly rebuildBatchSize?: number;
  readonly dropPatienceMs?: number;
  readonly tailBatchSize?: number;
  readonly standbyPollMs?: number;
  readonly tailPaceMs?: number;
}

const TAIL_BATCH = 2_000;
const STANDBY_POLL_MS = 1_000;
const SWAPPED_PAUSE_MS = 20;
const FAILED_POLL_MS = 2_000;
const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 5_000;

/** Keeps one set up to date: finds or makes its build, then follows the log, for ever. */
export class SetRunner {
  readonly #abort = new AbortController();
  readonly #rate = new RateMeter();
  #state: SetState;
  #running: Promise<void> | null = null;
  #settled: () => void = () => undefined;
  /** The set follows the log, stands by, or has failed for good: nothing more to wait for at the start. */
  readonly settled = new Promise<void>((resolve) => {
    this.#settled = resolve;
  });

  constructor(
    readonly plan: SetPlan,
    private readonly options: RunnerOptions,
  ) {
    const zero = { build: null, checkpoint: null, checkpointRecordedAt: null, caughtUp: false, error: null };
    this.#state = { set: plan.set.name, status: 'starting', events: 0, eventsPerSecond: 0, ...zero };
  }

  get state(): SetState {
    return { ...this.#state, events: this.#rate.total, eventsPerSecond: this.#rate.perSecond() };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#running;
    this.#note({ status: 'stopped' });
    this.#settled();
  }

  async #run(): Promise<void> {
    let attempt = 0;
    while (!this.#stopping) {
      const progress = this.#rate.total;
      try {
        await this.#session();
        attempt = 0;
      } catch (error) {
        if (this.#stopping) return;
        attempt = this.#rate.total > progress ? 0 : attempt;
        if (error instanceof CheckpointMovedError) {
          await this.#sleep(SWAPPED_PAUSE_MS);
          continue;
        }
        if (isTransient(error) || error instanceof LogUnavailableError) {
          await this.#waitAfter(error, attempt);
          attempt += 1;
        } else await this.#fail(error);
      }
    }
  }

  /** One connection's life: ends when the build was swapped, another program is the writer, or something broke. */
  async #session(): Promise<void> {
    const { database, standbyPollMs = STANDBY_POLL_MS } = this.options;
    const name = this.plan.set.name;
    const db = await connect(database, `projection ${name}`);
    try {
      await ensureControl(db);
      while (!(await tryLock(db, name, 'tail'))) {
        if (this.#state.status !== 'standby') this.#say('info', 'another program keeps this set: standing by');
        this.#note({ status: 'standby', error: null });
        this.#settled();
        await this.#sleep(standbyPollMs);
        if (this.#stopping) return;
      }
      const build = await this.#usableBuild(db);
      await checkLog(this.options.log, build);
      await dropRetired(db, name, 0);
      await this.#tail(db, build);
    } finally {
      await disconnect(db);
    }
  }

  /** The active build when it was made by our definition; otherwise it is made first. */
  async #usableBuild(db: pg.Client): Promise<Build> {
    const { plan } = this;
    const active = await activeBuild(db, plan.set.name);
    if (active !== null && isOfPlan(active, plan)) return active;
    if (active !== null && active.definitionVersion > plan.set.version) {
      throw new NewerBuildError(
        `${active.schema} was made by version ${active.definitionVersion} of "${plan.set.name}", newer than ours ` +
          `(${plan.set.version}): run the newer program, or rebuild with this one`,
      );
    }
    this.#say('info', active === null ? 'not built yet: building from the start of the log' : changeOf(active, plan));
    await this.#build(db);
    const built = await activeBuild(db, plan.set.name);
    if (built === null) throw new CheckpointMovedError(`${plan.set.name} has no active build`);
    return built;
  }

  async #build(db: pg.Client): Promise<void> {
    const { plan } = this;
    const unfinished = unfinishedOf(await readBuilds(db, plan.set.name));
    let mode: RebuildMode = 'new';
    if (unfinished !== null) mode = isOfPlan(unfinished, plan) ? 'resume' : 'startOver';
    if (mode === 'resume') this.#say('info', `going on with ${unfinished?.schema} from ${unfinished?.checkpoint}`);
    this.#note({ status: 'building', error: null });
    try {
      await this.rebuild(mode, (progress) => this.#note({ checkpoint: progress.position }));
    } catch (error) {
      // Somebody else is rebuilding at this moment: its swap is waited for.
      if (!(error instanceof RebuildRefusedError)) throw error;
      await this.#sleep(STANDBY_POLL_MS);
      throw new CheckpointMovedError(error.message);
    }
  }

  /** Builds the set anew and swaps; see `rebuildSet`. The tail notices the swap by itself. */
  async rebuild(mode: RebuildMode, onProgress?: Parameters<typeof rebuildSet>[0]['onProgress']): Promise<Build> {
    const { rebuildBatchSize, ...options } = this.options;
    const build = await rebuildSet({
      ...options,
      plan: this.plan,
      mode,
      ...(rebuildBatchSize === undefined ? {} : { batchSize: rebuildBatchSize }),
      ...(onProgress === undefined ? {} : { onProgress }),
      say: (text) => this.#say('info', text),
      signal: this.#abort.signal,
    });
    this.#say('info', `built ${build.schema}, up to position ${build.checkpoint}`);
    return build;
  }

  async #tail(db: pg.Client, build: Build): Promise<void> {
    const { log, tailBatchSize = TAIL_BATCH } = this.options;
    const writer = new BuildWriter(this.plan, build, this.options);
    await writer.eraseAllElsewhere(db);
    let { checkpoint } = build;
    this.#note({
      status: 'running',
      build: build.build,
      checkpoint,
      checkpointRecordedAt: build.last?.recordedAt ?? null,
      error: null,
    });
    this.#say('info', `following the log into ${build.schema} from ${checkpoint ?? 'the start'}`);
    this.#settled();
    // Without its connection the set has lost its lock: the program must queue up again, even if no event comes.
    const lost = new AbortController();
    db.once('end', () => lost.abort());
    const signal = AbortSignal.any([this.#abort.signal, lost.signal]);
    try {
      const onState = (state: FollowState): void => this.#heard(state);
      for await (const batch of log.follow({ after: checkpoint, batchSize: tailBatchSize, signal, onState })) {
        const begun = performance.now();
        checkpoint = await takeBatch(writer, batch, db, checkpoint);
        this.#rate.add(batch.events.length);
        const recordedAt = batch.events.at(-1)?.recordedAt ?? this.#state.checkpointRecordedAt;
        this.#note({ checkpoint, caughtUp: batch.caughtUp, checkpointRecordedAt: recordedAt });
        if (batch.events.length > 0) await this.#pause(begun);
      }
      if (lost.signal.aborted) throw new Error('connection terminated by PostgreSQL');
    } catch (error) {
      const poison = poisonOf(error);
      if (poison !== null) await recordPoison(db, build, poison);
      throw error;
    }
  }

  /** The subscription tries again by itself; that it has to must be seen. */
  #heard(state: FollowState): void {
    if (state.status === 'waiting') {
      if (this.#state.status !== 'waiting')
        this.#say('warn', `${state.reason}; the log is followed again once it answers`);
      this.#note({ status: 'waiting', caughtUp: false, error: { message: state.reason } });
    } else if (state.status !== 'connecting' && this.#state.status === 'waiting') {
      this.#note({ status: 'running', error: null });
    }
  }

  async #pause(begun: number): Promise<void> {
    const pause = pauseAfter(performance.now() - begun, this.options.tailPaceMs ?? 0);
    if (pause > 0) await this.#sleep(pause);
  }

  async #waitAfter(error: unknown, attempt: number): Promise<void> {
    const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
    this.#note({ status: 'waiting', caughtUp: false, error: { message: reasonOf(error) } });
    this.#say('warn', `${reasonOf(error)}; trying again in ${delay} ms`);
    await this.#sleep(delay);
  }

  /** Stays down until the set has another active build than the one that failed. */
  async #fail(error: unknown): Promise<void> {
    const before = await this.#activeBuildNumber();
    this.#note({ status: 'failed', caughtUp: false, error: poisonOf(error) ?? { message: reasonOf(error) } });
    this.#say('error', `stopped: ${reasonOf(error)}`);
    this.#settled();
    while (!this.#stopping) {
      await this.#sleep(FAILED_POLL_MS);
      const now = await this.#activeBuildNumber();
      if (now !== null && now !== before) return;
    }
  }

  async #activeBuildNumber(): Promise<number | null> {
    let db: pg.Client | null = null;
    try {
      db = await connect(this.options.database, `projection ${this.plan.set.name}`);
      return (await activeBuild(db, this.plan.set.name))?.build ?? null;
    } catch {
      return null;
    } finally {
      await disconnect(db);
    }
  }

  get #stopping(): boolean {
    return this.#abort.signal.aborted;
  }

  #note(change: Partial<SetState>): void {
    this.#state = { ...this.#state, ...change };
  }

  #say(level: Message['level'], text: string): void {
    this.options.onMessage({ level, set: this.plan.set.name, text });
  }

  async #sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds, undefined, { signal: this.#abort.signal }).catch(() => undefined);
  }
}

function changeOf(active: Build, { set }: SetPlan): string {
  if (active.definitionVersion !== set.version) {
    return `the definition went from version ${active.definitionVersion} to ${set.version}: rebuilding; readers keep ${active.schema} until then`;
  }
  return `tables or folds differ from ${active.schema} though the version is still ${set.version}: rebuilding`;
}
