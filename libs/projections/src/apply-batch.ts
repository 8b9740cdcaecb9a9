import type { ClientBase } from 'pg';
import type { Recorded } from '@voronka/kernel';
import type { EventBatch } from '@voronka/event-log';
import { BatchRows } from './batch-rows.js';
import { addKey, keylessTables } from './build-schema.js';
import { closeRows, insertRows, writeStates } from './bulk-write.js';
import { type Build, lockBuild, moveCheckpoint } from './control.js';
import type { Change } from './definition.js';
import { erasedBy, eraseElsewhere, type EraseHook, eraseInBuild, readErased } from './erasing.js';
import { CheckpointMovedError, PoisonEventError } from './errors.js';
import type { StateChanges } from './fold-states.js';
import type { SetPlan, Step } from './set-plan.js';
import { SetStates } from './set-states.js';

/** What one batch comes to, before anything is written. */
export interface PreparedBatch {
  /** The checkpoint that the batch follows. */
  readonly expected: bigint | null;
  readonly position: bigint;
  /** Events taken in; those handled before are left out. */
  readonly events: number;
  readonly last: Recorded | null;
  readonly rows: readonly BatchRows[];
  readonly states: readonly StateChanges[];
  /** Subjects that events of the batch erase. */
  readonly erased: readonly string[];
}

interface Gathering {
  readonly expected: bigint | null;
  position: bigint | null;
  events: number;
  last: Recorded | null;
  readonly tables: Map<string, BatchRows>;
  readonly erased: string[];
}

export interface WriterOptions {
  /** States kept in memory per fold that is not resident; default 4,000. */
  readonly mostStates?: number;
  readonly onErased?: EraseHook;
}

const MOST_STATES = 4_000;

/** Takes batches of events into one build of a set. Holds the states of folds between batches. */
export class BuildWriter {
  readonly #states: SetStates;
  #outstanding = 0;
  #gathering: Gathering | null = null;
  /** Tables that have no primary key yet; null: not known. */
  #keyless: Set<string> | null = null;
  /** Everybody erased so far; null: not read yet. */
  #erased: Set<string> | null = null;

  readonly #onErased: EraseHook | null;

  constructor(
    readonly plan: SetPlan,
    readonly build: Build,
    { mostStates = MOST_STATES, onErased }: WriterOptions = {},
  ) {
    this.#onErased = onErased ?? null;
    this.#states = new SetStates(plan, { schema: build.schema, empty: build.checkpoint === null, most: mostStates });
  }

  /**
   * Folds the events that come after what was gathered so far, or after `expected`, into rows and states. Reads states
   * through `db`, writes nothing. May run while the batch before is being written, when `db` is another connection.
   * @returns the events gathered so far
   * @throws PoisonEventError; then everything gathered is void and `forget` must be called
   */
  async gather(batch: EventBatch, db: ClientBase, expected: bigint | null): Promise<number> {
    const into = (this.#gathering ??= {
      ...{ expected, position: expected, events: 0, last: null },
      ...{ tables: new Map<string, BatchRows>(), erased: [] },
    });
    const { position } = into;
    const erased = (this.#erased ??= await readErased(db, this.plan, this.build.schema));
    const events = batch.events.filter((event) => position === null || event.position > position);
    await this.#states.load(events, db);
    for (const event of events) {
      const steps = this.plan.steps.get(event.type);
      if (steps !== undefined) this.#take(event, steps, into.tables);
      for (const subject of erasedBy(this.plan, [event])) {
        // What the log still opens for a while, in programs that kept the key, must not come back into the tables.
        erased.add(subject);
        into.erased.push(subject);
      }
    }
    if (position === null || position < batch.position) into.position = batch.position;
    into.events += events.length;
    into.last = events.at(-1) ?? into.last;
    return into.events;
  }

  /** What was gathered, as one batch to be written; null when nothing was. */
  gathered(): PreparedBatch | null {
    const gathering = this.#gathering;
    if (gathering === null || gathering.position === null) return null;
    this.#gathering = null;
    this.#outstanding += 1;
    const states = this.#states.takeChanges();
    const { expected, position, events, last, tables, erased } = gathering;
    return { expected, position, events, last, rows: [...tables.values()], states, erased };
  }

  /**
   * Writes a prepared batch and its checkpoint inside the caller's transaction.
   * @throws CheckpointMovedError when the build is not where the batch was prepared for
   */
  async write(prepared: PreparedBatch, tx: ClientBase): Promise<void> {
    await this.#guard(prepared.expected, tx);
    await this.#put(prepared, tx);
  }

  /** Prepares and writes a batch inside the caller's transaction; see `applyBatch`. */
  async take(batch: EventBatch, tx: ClientBase, expected: bigint | null): Promise<PreparedBatch> {
    // First of all: once a build was replaced, its states are gone, and reading them would look like a defect.
    await this.#guard(expected, tx);
    await this.gather(batch, tx, expected);
    const prepared = this.gathered();
    if (prepared === null) throw new Error('a batch has a position');
    await this.#put(prepared, tx);
    return prepared;
  }

  /** Locks the build until the transaction ends, so that it is neither moved on nor replaced meanwhile. */
  async #guard(expected: bigint | null, tx: ClientBase): Promise<void> {
    const { build } = this;
    const found = await lockBuild(tx, build.set, build.build);
    if (found !== null && found.status === build.status && found.checkpoint === expected) return;
    const where = found === null ? 'removed' : `${found.status}, at ${found.checkpoint}`;
    throw new CheckpointMovedError(`${build.schema} is ${where}; expected ${build.status}, at ${expected}`);
  }

  async #put(prepared: PreparedBatch, tx: ClientBase): Promise<void> {
    const { build } = this;
    // Rows of this very batch were closed in memory: what is to be closed here must have stood before.
    for (const rows of prepared.rows) await this.#close(rows, tx);
    for (const rows of prepared.rows) await insertRows(tx, build.schema, rows);
    for (const states of prepared.states) await writeStates(tx, build.schema, states);
    await eraseInBuild(tx, this.plan, build.schema, prepared.erased);
    if (prepared.position !== prepared.expected) await moveCheckpoint(tx, build, prepared);
  }

  async #close(rows: BatchRows, tx: ClientBase): Promise<void> {
    if (rows.closings.length === 0) return;
    const { build } = this;
    // Only a build under construction may lack keys; without one, every closing would read the whole table.
    this.#keyless ??= build.status === 'building' ? await keylessTables(tx, build.schema) : new Set();
    if (this.#keyless.delete(rows.plan.name)) await addKey(tx, build.schema, rows.plan);
    await closeRows(tx, build.schema, rows);
  }

  /**
   * What has to be done about erased subjects outside this build: destroys their keys, blanks the other builds. Comes
   * before the transaction that counts the event as handled, so that it is done again after a crash. Not inside one.
   */
  async eraseElsewhere(subjects: readonly string[], db: ClientBase): Promise<void> {
    if (subjects.length === 0) return;
    await this.#onErased?.(subjects);
    await eraseElsewhere(db, this.plan, this.build, subjects);
  }

  /** The same for everybody erased so far: a swap may have taken in an erasure, and retired builds may still be there. */
  async eraseAllElsewhere(db: ClientBase): Promise<void> {
    await this.eraseElsewhere([...(await readErased(db, this.plan, this.build.schema))], db);
  }

  /** After the transaction of a prepared batch was committed. */
  committed(): void {
    this.#outstanding -= 1;
    this.#states.trim(this.#outstanding);
  }

  /** After a rollback: forgets all states, and every batch prepared upon them is void. */
  forget(): void {
    this.#outstanding = 0;
    this.#gathering = null;
    this.#keyless = null;
    this.#erased = null;
    this.#states.forget();
  }

  #take(event: Recorded, steps: readonly Step[], tables: Map<string, BatchRows>): void {
    try {
      for (const step of steps) {
        for (const change of this.#run(step, event)) this.#rowsOf(tables, change).add(change);
      }
    } catch (error) {
      throw new PoisonEventError(event, error);
    }
  }

  #rowsOf(tables: Map<string, BatchRows>, { table }: Change): BatchRows {
    const known = tables.get(table);
    if (known !== undefined) return known;
    const definition = this.plan.tables.get(table);
    if (definition === undefined) throw new Error(`the set ${this.plan.set.name} has no table ${table}`);
    const rows = new BatchRows(definition, this.#erased ?? new Set());
    tables.set(table, rows);
    return rows;
  }

  #run(step: Step, event: Recorded): readonly Change[] {
    const { look } = this.#states;
    if (step.kind === 'rows') return step.run(event, look);
    const states = this.#states.of(step.fold);
    const folded = (key: string): readonly Change[] => {
      const { state, changes } = step.run(states.current(key), event, look, key);
      states.change(key, state);
      return changes;
    };
    const [key, ...others] = this.#states.keysOf(step.fold, event);
    if (key === undefined) return [];
    return others.length === 0 ? folded(key) : [key, ...others].flatMap(folded);
  }
}

/**
 * Takes a batch into a build: rows, states and checkpoint go through the caller's transaction. Events at or before
 * `expected` were handled before and are passed over. After a rollback the caller has to call `writer.forget`.
 * @throws PoisonEventError, CheckpointMovedError
 */
export async function applyBatch(
  writer: BuildWriter,
  batch: EventBatch,
  tx: ClientBase,
  expected: bigint | null,
): Promise<PreparedBatch> {
  return await writer.take(batch, tx, expected);
}
