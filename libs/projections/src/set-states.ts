import type { ClientBase } from 'pg';
import type { Recorded } from '@voronka/kernel';
import type { FoldProjection, Lookup } from './definition.js';
import { PoisonEventError } from './errors.js';
import { FoldStates, type StateChanges } from './fold-states.js';
import type { SetPlan } from './set-plan.js';

/** The states of all folds of a set, and which of them an event belongs to. */
export class SetStates {
  /** In the order of the set. */
  readonly #folds = new Map<FoldProjection, FoldStates>();
  readonly #byName = new Map<string, FoldStates>();

  constructor(
    private readonly plan: SetPlan,
    options: ConstructorParameters<typeof FoldStates>[1],
  ) {
    for (const fold of plan.folds) {
      const states = new FoldStates(fold, options);
      this.#folds.set(fold, states);
      this.#byName.set(fold.name, states);
    }
  }

  /** @throws Error for a fold of another set */
  of(fold: FoldProjection): FoldStates {
    const states = this.#folds.get(fold);
    if (states === undefined) throw new Error(`${fold.name} is no fold of the set ${this.plan.set.name}`);
    return states;
  }

  /**
   * Brings the states at hand that events belong to: one query at most for each fold.
   * @throws PoisonEventError
   */
  async load(events: readonly Recorded[], db: ClientBase): Promise<void> {
    const wanted = this.#eventsByFold(events);
    // In their order, so that what a fold goes through is at hand before it. A state that comes to be named only by
    // these events is one that they belong to.
    for (const [fold, states] of this.#folds) {
      const keys = new Set<string>();
      for (const event of wanted.get(fold) ?? []) for (const key of this.#guardedKeys(fold, event)) keys.add(key);
      await states.load(keys, db);
    }
  }

  #eventsByFold(events: readonly Recorded[]): ReadonlyMap<FoldProjection, readonly Recorded[]> {
    const found = new Map<FoldProjection, Recorded[]>();
    for (const fold of this.#folds.keys()) found.set(fold, []);
    for (const event of events) {
      for (const step of this.plan.steps.get(event.type) ?? []) {
        if (step.kind === 'fold') found.get(step.fold)?.push(event);
      }
    }
    return found;
  }

  #guardedKeys(fold: FoldProjection, event: Recorded): readonly string[] {
    try {
      return this.keysOf(fold, event);
    } catch (error) {
      throw new PoisonEventError(event, error);
    }
  }

  /** Keys of the states of a fold that an event belongs to: its own, or those that it finds through another fold. */
  keysOf(fold: FoldProjection, event: Recorded): readonly string[] {
    const key = fold.key(event);
    if (key !== null) return [key];
    const { through } = fold;
    if (through?.events.includes(event.type) !== true) return NONE;
    const other = this.#byName.get(through.fold);
    const otherKey = other?.fold.key(event) ?? null;
    return other === undefined || otherKey === null ? NONE : through.keys(other.current(otherKey));
  }

  readonly look: Lookup = <State>(projection: string, key: string): State | undefined => {
    const states = this.#byName.get(projection);
    if (states === undefined) throw new Error(`${projection} is no fold of the set ${this.plan.set.name}`);
    return states.known(key) as State | undefined;
  };

  takeChanges(): StateChanges[] {
    return [...this.#folds.values()].map((states) => states.takeChanges());
  }

  trim(outstanding: number): void {
    for (const states of this.#folds.values()) states.trim(outstanding);
  }

  forget(): void {
    for (const states of this.#folds.values()) states.forget();
  }
}

const NONE: readonly string[] = [];
